// Approvals over the wire: asked for each gated call, good once, denied by whatever is not a yes.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { Playground } from "../support/playground.ts";
import { calling, scriptedSpec, type SpecFields } from "../support/scripted_spec.ts";
import { toolOutcomes, type WorkerConnection } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const ENFORCED = { enforce_permissions: true };

async function startWriter(
  ground: Playground,
  { capabilities = ENFORCED, names = ["made.txt"] }: SpecFields & { names?: readonly string[] } =
    {},
): Promise<WorkerProcess> {
  const writes = names.map((name) => {
    const file_path = ground.path(name);
    return calling(["Write", { file_path, content: "made\n" }]);
  });
  const spec = scriptedSpec(ground, [], {
    capabilities: { script: { turns: [...writes, { text: "end" }] }, ...capabilities },
  });
  return await WorkerProcess.start({ ground, spec });
}

/** Answers the next request of a run and returns it. */
async function answer(connection: WorkerConnection, approved: unknown) {
  const request = await connection.nextKind("approval_request");
  connection.send({ kind: "approval_reply", id: request.id, approved });
  return request;
}

Deno.test("worker asks the host before it writes, and writes when the host says yes", async () => {
  using ground = new Playground();
  await using worker = await startWriter(ground);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  const request = await connection.nextKind("approval_request");
  assert.deepEqual(request, {
    kind: "approval_request",
    id: "sa-0",
    body: {
      tool_name: "Write",
      permission: "Write files to disk",
      resource: ground.path("made.txt"),
    },
  });
  assert.equal(existsSync(ground.path("made.txt")), false, "written before the answer");
  connection.send({ kind: "approval_reply", id: request.id, approved: true });
  const run = await connection.finish();
  assert.equal(run.terminal.result, "end");
  assert.equal(readFileSync(ground.path("made.txt"), "utf8"), "made\n");
});

Deno.test("worker fails the call when the host says no, and the run goes on", async () => {
  using ground = new Playground();
  await using worker = await startWriter(ground);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  await answer(connection, false);
  const run = await connection.finish();
  assert.deepEqual(toolOutcomes(run), [{
    success: false,
    text: `Execution failed: Permission denied by host for: ${ground.path("made.txt")}`,
  }]);
  assert.equal(run.terminal.result, "end");
  assert.equal(existsSync(ground.path("made.txt")), false);
});

Deno.test("worker asks again for each call, and takes no answer twice", async () => {
  using ground = new Playground();
  await using worker = await startWriter(ground, { names: ["one.txt", "two.txt"] });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  const first = await answer(connection, true);
  connection.send({ kind: "approval_reply", id: first.id, approved: true });
  const second = await answer(connection, false);
  assert.notEqual(second.id, first.id);
  const run = await connection.finish();
  assert.deepEqual(toolOutcomes(run).map(({ success }) => success), [true, false]);
  assert.deepEqual([existsSync(ground.path("one.txt")), existsSync(ground.path("two.txt"))], [
    true,
    false,
  ]);
});

Deno.test("worker takes no yes that is not the boolean true for the open id", async () => {
  using ground = new Playground();
  await using worker = await startWriter(ground);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  const { id } = await connection.nextKind("approval_request");
  for (const approved of ["true", 1, null, {}]) {
    connection.send({ kind: "approval_reply", id, approved });
  }
  for (const other of ["sa-1", "sa-00", "", "__proto__"]) {
    connection.send({ kind: "approval_reply", id: other, approved: true });
  }
  connection.send({ kind: "approval_reply", id, approved: false });
  const run = await connection.finish();
  assert.deepEqual(toolOutcomes(run).map(({ success }) => success), [false]);
  assert.equal(existsSync(ground.path("made.txt")), false);
});

Deno.test("worker is alive for the next run, which asks under a new id, after a cancel during an approval", async () => {
  using ground = new Playground();
  await using worker = await startWriter(ground);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "first" });
  const open = await connection.nextKind("approval_request");
  const asked = performance.now();
  connection.send({ kind: "cancel" });
  assert.equal((await connection.nextKind("terminal")).status, "cancelled");
  assert.ok(performance.now() - asked < 500);

  connection.send({ kind: "run", assignment: "second" });
  const request = await connection.nextKind("approval_request");
  assert.notEqual(request.id, open.id, "a late answer could approve another call");
  connection.send({ kind: "approval_reply", id: open.id, approved: true });
  connection.send({ kind: "approval_reply", id: request.id, approved: false });
  await connection.finish();
  assert.equal(existsSync(ground.path("made.txt")), false);
});

Deno.test("worker denies what is open when the host goes away", async () => {
  using ground = new Playground();
  await using worker = await startWriter(ground);
  {
    await using leaving = await worker.connect();
    leaving.send({ kind: "run", assignment: "first" });
    await leaving.nextKind("approval_request");
  }
  await using next = await worker.connect();
  next.send({ kind: "run", assignment: "second" });
  const request = await next.nextKind("approval_request");
  assert.equal(existsSync(ground.path("made.txt")), false);
  next.send({ kind: "approval_reply", id: request.id, approved: true });
  assert.equal((await next.finish()).terminal.status, "completed");
  assert.equal(existsSync(ground.path("made.txt")), true);
});

Deno.test("worker asks nothing without enforce_permissions, and nothing ordinary with bypass", async (t) => {
  const quiet = {
    "without enforce_permissions": {},
    "with bypass": { enforce_permissions: true, bypass: true },
  };
  for (const [name, capabilities] of Object.entries(quiet)) {
    await t.step(name, async () => {
      using ground = new Playground();
      await using worker = await startWriter(ground, { capabilities });
      await using connection = await worker.connect();
      const run = await connection.run("write");
      assert.deepEqual(run.frames.filter(({ kind }) => kind === "approval_request"), []);
      assert.equal(existsSync(ground.path("made.txt")), true);
    });
  }
});

Deno.test("worker asks for no read", async () => {
  using ground = new Playground({ "a.txt": "x\n" });
  const turns = [calling(["Read", { file_path: ground.path("a.txt") }]), { text: "end" }];
  const spec = scriptedSpec(ground, [], { capabilities: { script: { turns }, ...ENFORCED } });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  assert.deepEqual(toolOutcomes(await connection.run("read")).map(({ success }) => success), [
    true,
  ]);
});

Deno.test("worker asks again about a file that changed while it was asked, once it has been read", async () => {
  using ground = new Playground({ "a.txt": "one\n" });
  const file_path = ground.path("a.txt");
  const write = calling(["Write", { file_path, content: "mine\n" }]);
  const read = calling(["Read", { file_path }]);
  const turns = [
    read,
    write,
    { expect: "it changed since it was read; Read it again", ...read },
    write,
    { text: "end" },
  ];
  const spec = scriptedSpec(ground, turns, { capabilities: { script: { turns }, ...ENFORCED } });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  const first = await connection.nextKind("approval_request");
  ground.write("a.txt", "somebody else's\n");
  connection.send({ kind: "approval_reply", id: first.id, approved: true });
  const second = await connection.nextKind("approval_request");
  assert.equal(
    readFileSync(file_path, "utf8"),
    "somebody else's\n",
    "the yes was for another file",
  );
  assert.notEqual(second.id, first.id);
  connection.send({ kind: "approval_reply", id: second.id, approved: true });
  assert.equal((await connection.finish()).terminal.result, "end");
  assert.equal(readFileSync(file_path, "utf8"), "mine\n");
});
