// The runtime executor over the compiled binary with the scripted model: tools, events, history, steering.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { Playground } from "../support/playground.ts";
import { calling, type NamedCall, scriptedSpec } from "../support/scripted_spec.ts";
import {
  eventsOf,
  type ObservedRun,
  spoken,
  toolOutcomes,
  type WireEvent,
} from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

/** What a reader of the stream goes by: names of tools and phases, not ids and figures. */
function steps({ events }: ObservedRun): readonly string[] {
  return events.map(stepOf).filter((step, index, all) =>
    step !== "token" || all[index - 1] !== step
  );
}

function stepOf({ type, tool_name, phase, round_count }: WireEvent): string {
  if (type === "tool_start") return `${type} ${tool_name}`;
  if (type === "tool_lifecycle") return `${type} ${phase}`;
  return type === "runner_progress" ? `${type} ${round_count}` : type;
}

Deno.test("worker reads and edits a real file, and sends each round's events in the reference's order", async () => {
  using ground = new Playground({ "notes.txt": "one\ntwo\n" });
  const file = ground.path("notes.txt");
  const spec = scriptedSpec(ground, [
    { text: "I look first.", ...calling(["Read", { file_path: file }]) },
    {
      expect: "two",
      ...calling(["Edit", { file_path: file, old_string: "two", new_string: "three" }]),
    },
    { text: "Done: two is three." },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const run = await connection.run("Make two three");

  assert.equal(readFileSync(file, "utf8"), "one\nthree\n");
  const call = (name: string) => [
    `tool_start ${name}`,
    "tool_lifecycle begin",
    "tool_lifecycle finished",
    "tool_complete",
  ];
  assert.deepEqual(steps(run), [
    ...["runner_progress 0", "token_budget_updated", "token", ...call("Read")],
    ...["runner_progress 1", "token_budget_updated", ...call("Edit")],
    ...["runner_progress 2", "token_budget_updated", "token", "complete"],
  ]);
  assert.deepEqual(run.terminal, {
    kind: "terminal",
    status: "completed",
    result: "Done: two is three.",
  });
  const [read] = toolOutcomes(run);
  assert.deepEqual(read, { success: true, text: "     1\tone\n     2\ttwo" });
});

Deno.test("worker tells a tool's start with parsed arguments, its end with what it gave", async () => {
  using ground = new Playground({ "a.txt": "hello\n" });
  const file_path = ground.path("a.txt");
  const spec = scriptedSpec(ground, [
    { tool_calls: [{ id: "call-7", name: "Read", arguments: { file_path } }] },
    { text: "ok" },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const { events } = await connection.run("read");
  const tool = { tool_call_id: "call-7", tool_name: "Read" };
  const marks = { is_mutating: false, auto_approved: true };
  const told = events.filter(({ type }) => type.startsWith("tool_"))
    .map(({ elapsed_ms: _ms, summary: _summary, ...event }) => event);
  assert.deepEqual(told, [
    { type: "tool_start", ...tool, arguments: { file_path } },
    { type: "tool_lifecycle", ...tool, phase: "begin", ...marks },
    { type: "tool_lifecycle", ...tool, phase: "finished", ...marks },
    {
      type: "tool_complete",
      tool_call_id: "call-7",
      result: { success: true, result: "     1\thello", display_preference: "Collapsible" },
    },
  ]);
});

Deno.test("worker sends exactly one complete, last before the terminal, with the usage of all rounds", async () => {
  using ground = new Playground();
  const usage = { prompt_tokens: 100, completion_tokens: 10 };
  const spec = scriptedSpec(ground, [
    { ...calling(["Sleep", { seconds: 0 }]), usage },
    { text: "end", usage },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  assert.deepEqual(eventsOf(run.events, "complete"), [{
    type: "complete",
    usage: { prompt_tokens: 200, completion_tokens: 20, total_tokens: 220 },
  }]);
  assert.deepEqual(run.frames.slice(-2).map(({ kind }) => kind), ["event", "terminal"]);
  assert.equal(run.events.at(-1)?.type, "complete");
  assert.deepEqual(eventsOf(run.events, "error"), []);
});

Deno.test("worker starts from the history it is shipped", async (t) => {
  const message = (role: string, content: string) => ({ role, content });
  const runs = {
    "the assignment alone": { expect: ["Do it"], messages: [] },
    "the history's last turn instead of the assignment": {
      expect: ["the new turn"],
      messages: [
        message("system", "Be terse."),
        message("user", "the old turn"),
        message("assistant", "done"),
        message("user", "the new turn"),
      ],
    },
    "the assignment after a history without a user": {
      expect: ["Do it"],
      messages: [message("assistant", "hello")],
    },
    "entries that are no message left out": {
      expect: ["kept"],
      messages: [7, { role: "user" }, { role: "robot", content: "x" }, message("user", "kept")],
    },
  };
  using ground = new Playground();
  for (const [name, { expect, messages }] of Object.entries(runs)) {
    await t.step(name, async () => {
      const spec = scriptedSpec(ground, [{ expect, text: "seen" }]);
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      const { terminal } = await connection.run("Do it", { messages });
      assert.deepEqual(terminal, { kind: "terminal", status: "completed", result: "seen" });
    });
  }
});

Deno.test("worker gives the model a steering text at the start of the next round", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [
    calling(["Sleep", { seconds: 1 }]),
    { expect: ["turn left", "then right"], text: "steered" },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "drive" });
  await connection.nextEvent("tool_start");
  connection.send({ kind: "message", text: "turn left" });
  connection.send({ kind: "message", text: "then right" });
  const { terminal } = await connection.finish();
  assert.deepEqual(terminal, { kind: "terminal", status: "completed", result: "steered" });
});

Deno.test("worker goes on for one more round when a steering text comes during the last", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [
    { text: ["almost "], delay_ms: 400 },
    { expect: "wait", text: "waited" },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "go" });
  await connection.nextEvent("runner_progress");
  connection.send({ kind: "message", text: "wait" });
  assert.equal((await connection.finish()).terminal.result, "waited");
});

Deno.test("worker runs twice on one connection, each with its own script and read marks", async () => {
  using ground = new Playground({ "a.txt": "old\n" });
  const file_path = ground.path("a.txt");
  const spec = scriptedSpec(ground, [
    calling(["Write", { file_path, content: "new\n" }]),
    { text: "tried" },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  for (const round of ["first", "second"]) {
    const run = await connection.run(round);
    assert.equal(run.terminal.result, "tried");
    assert.equal(toolOutcomes(run)[0]?.success, false, "a file never read was overwritten");
  }
  assert.equal(readFileSync(file_path, "utf8"), "old\n");
});

Deno.test("worker sends the model what is wrong with a call, and the run goes on", async (t) => {
  using ground = new Playground({ "a.txt": "x\n", "unread.txt": "x\n" });
  const missing = ground.path("missing.txt");
  const unread = ground.path("unread.txt");
  const calls: Record<string, { call: NamedCall; says: RegExp }> = {
    "an unknown tool": { call: ["Explode", {}], says: /^Tool not found: Explode/ },
    "arguments that are no JSON": {
      call: ["Write", '{"file_path": '],
      says: /^Tool policy blocked 'Write' due to invalid JSON arguments: /,
    },
    "a missing argument": { call: ["Read", {}], says: /^Invalid arguments: .*file_path/ },
    "a wrong type": { call: ["Read", { file_path: 7 }], says: /^Invalid arguments: .*file_path/ },
    "a file that is not there": {
      call: ["Read", { file_path: missing }],
      says: /missing\.txt/,
    },
    "a folder outside": {
      call: ["Read", { file_path: "/etc/hostname" }],
      says: /capabilities\.sandbox\.read/,
    },
    "a file that was never read": {
      call: ["Write", { file_path: unread, content: "y" }],
      says: /Read/,
    },
    "a text that is not in the file": {
      call: ["Edit", { file_path: ground.path("a.txt"), old_string: "q", new_string: "r" }],
      says: /a\.txt/,
    },
  };
  for (const [name, { call, says }] of Object.entries(calls)) {
    await t.step(name, async () => {
      const spec = scriptedSpec(ground, [calling(call), { text: "went on" }]);
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      const run = await connection.run("go");
      const [outcome] = toolOutcomes(run);
      assert.equal(outcome?.success, false);
      assert.match(outcome?.text ?? "", says);
      assert.equal(run.terminal.result, "went on");
    });
  }
});

Deno.test("worker refuses a disabled tool by every name it has", async (t) => {
  using ground = new Playground({ "a.txt": "secret\n" });
  const file_path = ground.path("a.txt");
  for (const name of ["Read", "read_file", "readFile", "ns::Read", "default::read_file"]) {
    await t.step(name, async () => {
      const turns = [calling([name, { file_path, path: file_path }]), { text: "end" }];
      await using worker = await WorkerProcess.start({
        ground,
        spec: scriptedSpec(ground, turns, { disabled_tools: ["Read"] }),
      });
      await using connection = await worker.connect();
      const run = await connection.run("go");
      assert.equal(toolOutcomes(run)[0]?.success, false);
      assert.ok(!connection.texts.join("").includes("secret"));
      assert.equal(run.terminal.result, "end");
    });
  }
});

Deno.test("worker shows no disabled tool's neighbour the door: the others still work", async () => {
  using ground = new Playground({ "a.txt": "x\n" });
  const turns = [calling(["GetFileInfo", { path: ground.path("a.txt") }]), { text: "end" }];
  const spec = scriptedSpec(ground, turns, { disabled_tools: ["Read"] });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  assert.equal(toolOutcomes(await connection.run("go"))[0]?.success, true);
});

Deno.test("worker streams what the model says as it comes, reasoning apart", async () => {
  using ground = new Playground();
  const turns = [{ reasoning: "let me think", text: ["a", "b ", "\u{1f600}"] }];
  await using worker = await WorkerProcess.start({ ground, spec: scriptedSpec(ground, turns) });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  const reasoning = eventsOf(run.events, "reasoning_token").map(({ content }) => content).join("");
  assert.equal(reasoning, "let me think");
  assert.deepEqual(eventsOf(run.events, "token").map(({ content }) => content), [
    "a",
    "b ",
    "\u{1f600}",
  ]);
  assert.equal(run.terminal.result, spoken(run));
});

Deno.test("worker without a workspace gives its tools the storage's own work folder", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [
    calling(["Write", { file_path: "{workspace}/made.txt", content: "here\n" }]),
    { text: "end" },
  ], { workspace: undefined });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  assert.deepEqual(toolOutcomes(run).map(({ success }) => success), [true]);
  assert.equal(readFileSync(`${ground.storage}/work/made.txt`, "utf8"), "here\n");
});
