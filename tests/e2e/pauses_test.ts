// Runs that ask something: how they wait, what an answer changes, what a host sees that knows no
// waiting.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Playground } from "../support/playground.ts";
import { calling, scriptedSpec, type ScriptTurn } from "../support/scripted_spec.ts";
import { toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const WAITING = { answer_pauses: true };

function start(
  ground: Playground,
  turns: readonly ScriptTurn[],
  capabilities: Readonly<Record<string, unknown>> = WAITING,
): Promise<WorkerProcess> {
  const spec = scriptedSpec(ground, turns, {
    capabilities: { script: { turns }, ...capabilities },
  });
  return WorkerProcess.start({ ground, spec });
}

const CONCLUSION = calling(["conclusion_with_options", {
  question: "Ship it?",
  conclusion: { summary: "All is well.", mermaid: { graph: "graph TD; a-->b" } },
  options: ["Yes", "No"],
  allow_custom: false,
}]);

Deno.test("worker suspends a run that asks, and goes on with the answer", async () => {
  using ground = new Playground();
  await using worker = await start(ground, [
    { text: "I looked.", ...CONCLUSION },
    { expect: "Selected response: Yes", text: "shipped" },
  ]);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "look" });
  const first = await connection.finish();
  assert.deepEqual(first.terminal, {
    kind: "terminal",
    status: "suspended",
    result: "Ship it?\n\nAll is well.",
  });
  const asked = first.events.at(-1);
  assert.equal(asked?.question, first.terminal.result);
  assert.equal(asked?.type, "need_clarification");
  assert.deepEqual(asked?.options, ["Yes", "No"]);
  connection.send({ kind: "message", text: "yes" });
  const second = await connection.finish();
  assert.deepEqual([second.terminal.status, second.terminal.result], ["completed", "shipped"]);
});

Deno.test("worker goes on waiting when the answer is none of the options", async () => {
  using ground = new Playground();
  await using worker = await start(ground, [
    { text: "I looked.", ...CONCLUSION },
    { expect: "Selected response: No", text: "kept back" },
  ]);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "look" });
  await connection.finish();
  connection.send({ kind: "message", text: "perhaps" });
  const still = await connection.finish();
  assert.equal(still.terminal.status, "suspended");
  assert.match(String(still.terminal.result), /expected one of: Yes, No/);
  connection.send({ kind: "message", text: "2" });
  assert.equal((await connection.finish()).terminal.result, "kept back");
});

Deno.test("worker drops what waits when another run begins", async () => {
  using ground = new Playground();
  await using worker = await start(ground, [
    { text: "I looked.", ...CONCLUSION },
    { expect: "Selected response: No", text: "done" },
  ]);
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "look" });
  await connection.finish();
  connection.send({ kind: "run", assignment: "something else" });
  assert.equal((await connection.finish()).terminal.status, "suspended", "it asks anew");
  connection.send({ kind: "message", text: "No" });
  assert.equal((await connection.finish()).terminal.result, "done");
});

Deno.test("worker ends a run that asks as completed for a host that knows no waiting", async () => {
  using ground = new Playground();
  await using worker = await start(ground, [{ text: "I looked.", ...CONCLUSION }], {});
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "look" });
  const run = await connection.finish();
  assert.deepEqual([run.terminal.status, run.terminal.result], ["completed", "I looked."]);
  assert.deepEqual(run.events.slice(-2).map(({ type }) => type), [
    "need_clarification",
    "complete",
  ]);
});

Deno.test("worker grants what was asked for, and asks about the rest", async () => {
  using ground = new Playground();
  const write = (name: string) =>
    calling(["Write", { file_path: ground.path(name), content: "x" }]);
  const wish = calling(["request_permissions", {
    reason: "to write notes",
    permissions: [{ type: "write_file", resource: `${ground.workspace}/*.md` }],
  }]);
  await using worker = await start(ground, [
    { text: "May I?", ...wish },
    write("a.txt"),
    { text: "end" },
  ], { ...WAITING, enforce_permissions: true });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  await connection.finish();
  connection.send({ kind: "message", text: "Deny" });
  const request = await connection.nextKind("approval_request");
  connection.send({ kind: "approval_reply", id: request.id, approved: false });
  await connection.finish();
  assert.equal(existsSync(ground.path("a.txt")), false);
});

Deno.test("worker asks nothing about what was granted", async () => {
  using ground = new Playground();
  const wish = calling(["request_permissions", {
    reason: "to write notes",
    permissions: [{ type: "write_file", resource: `${ground.workspace}/*` }],
  }]);
  const write = calling(["Write", { file_path: ground.path("a.md"), content: "x" }]);
  await using worker = await start(ground, [{ text: "May I?", ...wish }, write, { text: "end" }], {
    ...WAITING,
    enforce_permissions: true,
  });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  await connection.finish();
  connection.send({ kind: "message", text: "1" });
  assert.equal((await connection.finish()).terminal.status, "suspended", "a number is no yes");
  connection.send({ kind: "message", text: "Approve" });
  const run = await connection.finish();
  assert.ok(!run.frames.some(({ kind }) => kind === "approval_request"));
  assert.equal(run.terminal.result, "end");
  assert.equal(existsSync(ground.path("a.md")), true);
  assert.deepEqual(questionsLogged(ground), [
    ["question_asked", undefined],
    ["question_answered", undefined],
    ["question_answered", "Approve"],
  ]);
});

/** Kind and option of what the audit log tells of questions. */
function questionsLogged(ground: Playground): readonly (readonly unknown[])[] {
  const lines = readFileSync(join(ground.fabric, "audit/c-1.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line))
    .filter(({ kind }) => kind.startsWith("question_"))
    .map(({ kind, answer }) => [kind, answer]);
}

Deno.test("worker shows no plan outside plan mode, and stays in its mode", async () => {
  using ground = new Playground();
  const plan = calling(["ExitPlanMode", { plan: "x", exit_mode: "bypass_permissions" }]);
  await using worker = await start(ground, [{ text: "My plan.", ...plan }, { text: "end" }], {
    ...WAITING,
    enforce_permissions: true,
  });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "plan" });
  const run = await connection.finish();
  assert.deepEqual(toolOutcomes(run), [{
    success: false,
    text: "Execution failed: Cannot leave plan mode: the run is not in plan mode",
  }]);
  assert.equal(run.terminal.result, "end");
});

Deno.test("worker changes nothing in plan mode before the plan is approved, and then does", async () => {
  using ground = new Playground();
  const write = calling(["Write", { file_path: ground.path("a.txt"), content: "x" }]);
  const plan = calling(["ExitPlanMode", { plan: "1. write a.txt" }]);
  await using worker = await start(ground, [write, { text: "My plan.", ...plan }, write, {
    text: "end",
  }], { ...WAITING, permission_mode: "plan" });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "write" });
  const planned = await connection.finish();
  assert.deepEqual(toolOutcomes(planned)[0], {
    success: false,
    text: "Execution failed: Plan mode: Write operation blocked",
  });
  assert.equal(existsSync(ground.path("a.txt")), false);
  assert.equal(planned.terminal.result, "Is this plan approved?\n\n1. write a.txt");
  connection.send({ kind: "message", text: "1" });
  assert.equal((await connection.finish()).terminal.status, "suspended", "a number is no yes");
  connection.send({ kind: "message", text: "Approve (Default mode)" });
  const run = await connection.finish();
  const exited = run.events.find(({ type }) => type === "plan_mode_exited");
  assert.deepEqual([exited?.approved, exited?.restored_mode], [true, "default"]);
  assert.equal(run.terminal.result, "end");
  assert.equal(existsSync(ground.path("a.txt")), true);
});
