// The echo executor over the compiled binary: runs, cancels, steering and broken frames, to the letter.
import { strict as assert } from "node:assert";
import { Playground } from "../support/playground.ts";
import { echoSpec } from "../support/scripted_spec.ts";
import { eventsOf } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

async function startEcho(ground: Playground): Promise<WorkerProcess> {
  return await WorkerProcess.start({ ground, spec: echoSpec(ground) });
}

const word = (content: string) => ({ kind: "event", event: { type: "token", content } });
const COMPLETE = { kind: "event", event: { type: "complete" } };

Deno.test("echo worker sends a token a word, a bare complete and the terminal, byte for byte", async (t) => {
  using ground = new Playground();
  await using worker = await startEcho(ground);
  await using connection = await worker.connect();
  const runs = {
    "two words": {
      assignment: "  one\ttwo\n",
      frames: [word("one "), word("two "), COMPLETE, {
        kind: "terminal",
        status: "completed",
        result: "echo: one two",
      }],
    },
    "no word": {
      assignment: " \n ",
      frames: [COMPLETE, { kind: "terminal", status: "completed", result: "echo: " }],
    },
    "a delay, which is not echoed": {
      assignment: "__sleep_ms:1 a",
      frames: [word("a "), COMPLETE, {
        kind: "terminal",
        status: "completed",
        result: "echo: a",
      }],
    },
    "a second delay and one that is none, which are echoed": {
      assignment: "__sleep_ms:1 __sleep_ms:1 __sleep_ms:x",
      frames: [word("__sleep_ms:1 "), word("__sleep_ms:x "), COMPLETE, {
        kind: "terminal",
        status: "completed",
        result: "echo: __sleep_ms:1 __sleep_ms:x",
      }],
    },
  };
  for (const [name, { assignment, frames }] of Object.entries(runs)) {
    await t.step(name, async () => {
      const run = await connection.run(assignment, {
        messages: [{ role: "user", content: "ignored" }],
      });
      assert.deepEqual(run.frames, frames);
    });
  }
});

Deno.test("echo worker writes the fields of a frame in the reference's order", async () => {
  using ground = new Playground();
  await using worker = await startEcho(ground);
  await using connection = await worker.connect();
  await connection.run("a");
  assert.deepEqual(connection.texts, [
    '{"kind":"event","event":{"type":"token","content":"a "}}',
    '{"kind":"event","event":{"type":"complete"}}',
    '{"kind":"terminal","status":"completed","result":"echo: a"}',
  ]);
});

Deno.test("echo worker ends a sleeping run as cancelled, with no event, when told to cancel", async () => {
  using ground = new Playground();
  await using worker = await startEcho(ground);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "__sleep_ms:600000 never" });
  const asked = performance.now();
  connection.send({ kind: "cancel" });
  const run = await connection.finish();
  assert.ok(performance.now() - asked < 1000, "cancel took more than a second");
  assert.deepEqual(run.frames.map(({ kind, status }) => ({ kind, status })), [
    { kind: "terminal", status: "cancelled" },
  ]);
  assert.equal((await connection.run("alive")).terminal.result, "echo: alive");
});

Deno.test("echo worker cancels the running run and starts the new one when a run supersedes it", async () => {
  using ground = new Playground();
  await using worker = await startEcho(ground);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "__sleep_ms:600000 old" });
  connection.send({ kind: "run", assignment: "new" });
  const terminals = [await connection.nextKind("terminal"), await connection.nextKind("terminal")];
  assert.deepEqual(terminals.map(({ status }) => status).sort(), ["cancelled", "completed"]);
  assert.deepEqual(
    terminals.find(({ status }) => status === "completed"),
    { kind: "terminal", status: "completed", result: "echo: new" },
  );
  const told = connection.frames.flatMap(({ event }) => event === undefined ? [] : [event]);
  assert.deepEqual(told, [word("new ").event, COMPLETE.event]);
});

Deno.test("echo worker takes no notice of message, cancel and replies when no run or nothing waits for them", async () => {
  using ground = new Playground();
  await using worker = await startEcho(ground);
  await using connection = await worker.connect();
  const harmless = [
    { kind: "cancel" },
    { kind: "message", text: "left" },
    { kind: "approval_reply", id: "sa-0", approved: true },
    { kind: "subagent_reply", id: "sa-7", body: null },
  ];
  for (const frame of harmless) connection.send(frame);
  connection.send({ kind: "run", assignment: "__sleep_ms:20 a b" });
  for (const frame of harmless.slice(1)) connection.send(frame);
  const run = await connection.finish();
  assert.deepEqual(run.terminal, { kind: "terminal", status: "completed", result: "echo: a b" });
  assert.equal(eventsOf(run.events, "token").length, 2);
});

Deno.test("echo worker cancels its run when the host disconnects, and serves the next one", async () => {
  using ground = new Playground();
  await using worker = await startEcho(ground);
  {
    await using leaving = await worker.connect();
    leaving.send({ kind: "run", assignment: "__sleep_ms:600000 never" });
  }
  await using next = await worker.connect();
  assert.equal((await next.run("next")).terminal.result, "echo: next");
});
