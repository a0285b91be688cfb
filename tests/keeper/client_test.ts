import { strict as assert } from "node:assert";
import { toWorkerError, WorkerError } from "../../src/core/errors.ts";
import { KeeperClient } from "../../src/keeper/client.ts";
import { encodeLine } from "../../src/keeper/encode_line.ts";
import { OUTPUT_CREDIT, type ToHands } from "../../src/keeper/messages.ts";
import type { Output, ProgramEnd, RunningProgram } from "../../src/tools/box.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FakeKeeper } from "./fake_keeper.ts";

const NOT_CUT = { stdout: false, stderr: false };
const TRUE = { argv: ["/bin/true"], cwd: "/", onOutput: () => {} } as const;

/** A client of a keeper that only says what the test says. */
function holding({ keeper = new FakeKeeper() }: { readonly keeper?: FakeKeeper } = {}) {
  const clock = new FakeClock();
  const pids: number[] = [];
  const launches = { count: 0 };
  const launch = () => {
    launches.count++;
    return keeper.pipes;
  };
  const client = new KeeperClient({ launch, clock, onStarted: (pid) => pids.push(pid) });
  return { client, keeper, clock, pids, launches };
}

/** A program that has started, with the number the client gave it. */
async function startOn(
  client: KeeperClient,
  keeper: FakeKeeper,
  program: { readonly id: number; readonly onOutput?: (output: Output) => void | Promise<void> },
): Promise<RunningProgram> {
  const { id, onOutput = () => {} } = program;
  const starting = client.start({ ...TRUE, onOutput });
  await keeper.say({ type: "ready" }, { type: "started", id, pid: 100 + id });
  return await starting;
}

function outputOf(id: number, text: string): ToHands {
  return { type: "output", id, stream: "stdout", text };
}

function endOf(id: number, exitCode = 0): ToHands {
  return { type: "end", id, exitCode, cut: NOT_CUT };
}

function faultOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => "none", (thrown) => toWorkerError(thrown).fault);
}

Deno.test("KeeperClient starts its keeper once, when it is first wanted", async () => {
  const { client, keeper, pids, launches } = holding();
  await using _ = client;
  await client.killAll();
  assert.equal(launches.count, 0);
  const one = client.start({ ...TRUE, argv: ["/bin/echo", "hi"], input: "in", outputBytes: 9 });
  const two = client.start(TRUE);
  assert.equal(client.programs(), 2);
  await settle();
  assert.deepEqual(keeper.heard, [
    { type: "start", id: 1, argv: ["/bin/echo", "hi"], cwd: "/", input: "in", outputBytes: 9 },
    { type: "start", id: 2, argv: ["/bin/true"], cwd: "/" },
  ]);
  await keeper.say({ type: "ready" }, { type: "started", id: 2, pid: 7 }, endOf(2, 3));
  await keeper.say({ type: "started", id: 1, pid: 6 }, endOf(1, 137));
  assert.deepEqual(await (await two).ended, { exitCode: 3, cut: NOT_CUT });
  assert.deepEqual(await (await one).ended, { exitCode: 137, cut: NOT_CUT });
  assert.equal(client.programs(), 0);
  assert.deepEqual({ pids, launches }, { pids: [4711], launches: { count: 1 } });
});

Deno.test("KeeperClient.start() rejects what the keeper refuses", async () => {
  const { client, keeper } = holding();
  await using _ = client;
  const expected = new WorkerError("refused", "Cannot start");
  const rejected = assert.rejects(client.start(TRUE), expected);
  await keeper.say({ type: "refused", id: 1, error: "Cannot start" });
  await rejected;
  assert.equal(client.programs(), 0);
});

Deno.test("KeeperClient.start() refuses what no line can hold, and starts nothing", async () => {
  const { client, launches } = holding();
  const starting = client.start({ ...TRUE, input: "x".repeat(1024 * 1024) });
  assert.equal(await faultOf(starting), "refused");
  assert.deepEqual([client.programs(), launches.count], [0, 0]);
});

Deno.test("KeeperClient understands the keeper wherever its lines are cut", async () => {
  const said: ToHands[] = [
    { type: "ready" },
    { type: "started", id: 1, pid: 5 },
    outputOf(1, "é\n"),
    { type: "output", id: 1, stream: "stderr", text: "𝄞" },
    { type: "end", id: 1, exitCode: 1, cut: { stdout: true, stderr: false } },
  ];
  const all = Uint8Array.from(said.flatMap((message) => [...encodeLine(message)]));
  const cuts = Array.from(all, (_, at) => [all.slice(0, at), all.slice(at)]);
  for (const parts of [...cuts, Array.from(all, (byte) => Uint8Array.of(byte))]) {
    const { client, keeper } = holding();
    await using _ = client;
    const texts: string[] = [];
    const onOutput = ({ stream, text }: Output) => void texts.push(`${stream} ${text}`);
    const starting = client.start({ ...TRUE, onOutput });
    for (const part of parts) void keeper.write(part);
    const end = await (await starting).ended;
    assert.deepEqual(end, { exitCode: 1, cut: { stdout: true, stderr: false } });
    assert.deepEqual(texts, ["stdout é\n", "stderr 𝄞"]);
  }
});

Deno.test.each<{ name: string; bytes: Uint8Array }>([
  { name: "no JSON", bytes: new TextEncoder().encode("hello\n") },
  { name: "no UTF-8", bytes: Uint8Array.of(0xff, 0x0a) },
  { name: "an endless line", bytes: new Uint8Array(1024 * 1024 + 1).fill(0x20) },
  { name: "a message of the other side", bytes: encodeLine({ type: "kill_all" }) },
  { name: "a program nobody started", bytes: encodeLine({ type: "started", id: 9, pid: 1 }) },
  { name: "output of a program nobody started", bytes: encodeLine(outputOf(9, "x")) },
  { name: "an answer nobody asked for", bytes: encodeLine({ type: "all_killed" }) },
  { name: "its own failure", bytes: encodeLine({ type: "failed", error: "No subreaper" }) },
])("KeeperClient takes a keeper that says $name for dead", async ({ bytes }) => {
  const { client, keeper } = holding();
  await using _ = client;
  const program = await startOn(client, keeper, { id: 1 });
  const waiting = faultOf(client.start(TRUE));
  await keeper.write(bytes);
  assert.equal(await faultOf(program.ended), "internal");
  assert.equal(await waiting, "internal");
  assert.equal(await faultOf(client.start(TRUE)), "internal");
  assert.equal(await faultOf(client.killAll()), "internal");
  assert.equal((await client.died).fault, "internal");
  assert.deepEqual([client.programs(), keeper.end], [0, "left"]);
});

Deno.test("KeeperClient rejects all that waits when the keeper ends, and starts no other", async () => {
  const { client, keeper, launches } = holding();
  await using _ = client;
  const program = await startOn(client, keeper, { id: 1 });
  const killing = faultOf(client.killAll());
  keeper.leave();
  assert.equal(await faultOf(program.ended), "internal");
  assert.equal(await killing, "internal");
  assert.equal(await faultOf(client.start(TRUE)), "internal");
  assert.match((await client.died).message, /^The keeper of commands failed: /);
  assert.equal(launches.count, 1);
  program.kill();
});

Deno.test("KeeperClient tells by its death that no keeper can be launched", async () => {
  const client = new KeeperClient({
    launch: () => {
      throw new Error("No such file");
    },
    clock: new FakeClock(),
    onStarted: () => {},
  });
  assert.equal(await faultOf(client.start(TRUE)), "internal");
  assert.equal((await client.died).message, "The keeper of commands failed: No such file");
});

Deno.test("KeeperClient gives a keeper 20 s to get ready, then kills it if it does not leave", async () => {
  const { client, keeper, clock } = holding({ keeper: new FakeKeeper({ isObedient: false }) });
  const fault = faultOf(client.start(TRUE));
  await clock.advance(19_999);
  assert.equal(client.programs(), 1);
  await clock.advance(1);
  assert.equal(await fault, "internal");
  await clock.advance(4_999);
  assert.equal(keeper.end, undefined);
  await clock.advance(1);
  assert.equal(keeper.end, "killed");
  await client[Symbol.asyncDispose]();
  assert.deepEqual(clock.waits, []);
});

Deno.test("KeeperClient acknowledges output when it was dealt with, and passes on the end last", async () => {
  const { client, keeper } = holding();
  await using _ = client;
  const taken = Promise.withResolvers<void>();
  const texts: string[] = [];
  const onOutput = async ({ text }: Output) => {
    texts.push(text);
    if (text === "b") await taken.promise;
  };
  const { ended } = await startOn(client, keeper, { id: 1, onOutput });
  let end: ProgramEnd | undefined;
  ended.then((it) => end = it);
  await keeper.say(outputOf(1, "a"), outputOf(1, "b"), outputOf(1, "c"));
  assert.deepEqual(texts, ["a", "b"]);
  assert.deepEqual(keeper.heard.slice(1), [{ type: "taken", id: 1, count: 1 }]);
  await keeper.say(endOf(1));
  assert.equal(end, undefined);
  taken.resolve();
  assert.deepEqual(await ended, { exitCode: 0, cut: NOT_CUT });
  assert.deepEqual(texts, ["a", "b", "c"]);
});

Deno.test("KeeperClient takes a keeper that sends more than its credit for dead", async () => {
  const { client, keeper } = holding();
  await using _ = client;
  const onOutput = () => new Promise<void>(() => {});
  const { ended } = await startOn(client, keeper, { id: 1, onOutput });
  for (let sent = 0; sent < OUTPUT_CREDIT; sent++) await keeper.say(outputOf(1, "x"));
  assert.equal(client.programs(), 1);
  await keeper.say(outputOf(1, "x"));
  assert.equal(await faultOf(ended), "internal");
});

Deno.test("KeeperClient kills a program whose output cannot be taken, and goes on with it", async () => {
  const { client, keeper } = holding();
  await using _ = client;
  let calls = 0;
  const onOutput = () => {
    calls++;
    throw new RangeError("full");
  };
  const { ended } = await startOn(client, keeper, { id: 1, onOutput });
  await keeper.say(outputOf(1, "a"), outputOf(1, "b"));
  const taken = { type: "taken", id: 1, count: 1 };
  assert.deepEqual(keeper.heard.slice(1), [{ type: "kill", id: 1 }, taken, taken]);
  await keeper.say(endOf(1, 137));
  await assert.rejects(ended, new RangeError("full"));
  assert.equal(calls, 1);
});

Deno.test("RunningProgram.kill() asks while it runs and not after", async () => {
  const { client, keeper } = holding();
  await using _ = client;
  const program = await startOn(client, keeper, { id: 1 });
  program.kill();
  await keeper.say(endOf(1, 137));
  program.kill();
  await settle();
  assert.deepEqual(keeper.heard.slice(1), [{ type: "kill", id: 1 }]);
});

Deno.test("KeeperClient.killAll() resolves when the keeper has answered it", async () => {
  const { client, keeper } = holding();
  await using _ = client;
  await startOn(client, keeper, { id: 1 });
  const done: number[] = [];
  const all = [1, 2].map((number) => client.killAll().then(() => done.push(number)));
  await settle();
  assert.deepEqual(keeper.heard.slice(1), [{ type: "kill_all" }, { type: "kill_all" }]);
  await keeper.say({ type: "all_killed" });
  assert.deepEqual(done, [1]);
  await keeper.say({ type: "all_killed" });
  await Promise.all(all);
  assert.deepEqual(done, [1, 2]);
});

Deno.test("KeeperClient.limit() stands in the end of what runs then, not of what starts later", async () => {
  const { client, keeper } = holding();
  await using _ = client;
  const before = await startOn(client, keeper, { id: 1 });
  client.limit("sandbox.max_memory: exceeded");
  client.limit("another");
  const after = await startOn(client, keeper, { id: 2 });
  await keeper.say(endOf(1, 137), endOf(2));
  const limit = "sandbox.max_memory: exceeded";
  assert.deepEqual(await before.ended, { exitCode: 137, cut: NOT_CUT, limit });
  assert.deepEqual(await after.ended, { exitCode: 0, cut: NOT_CUT });
});

Deno.test("KeeperClient lets its keeper leave when it is disposed, which is no death", async () => {
  const { client, keeper, clock } = holding();
  const { ended } = await startOn(client, keeper, { id: 1 });
  await client[Symbol.asyncDispose]();
  assert.equal(keeper.end, "left");
  assert.equal(await faultOf(ended), "internal");
  const died = await Promise.race([client.died.then(() => true), settle().then(() => false)]);
  assert.equal(died, false);
  assert.deepEqual(clock.waits, []);
});
