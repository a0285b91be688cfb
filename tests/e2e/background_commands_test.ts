// Commands that a call does not just wait for: streamed, timed out, in the background.
import { strict as assert } from "node:assert";
import { existsSync, writeFileSync } from "node:fs";
import { bash, commandOutcomes, ended, endOf, fieldsOf, runCommands } from "../support/commands.ts";
import { until } from "../support/deadline.ts";
import { Playground } from "../support/playground.ts";
import { gone, markedSleep, processesWith } from "../support/processes.ts";
import { calling, scriptedSpec } from "../support/scripted_spec.ts";
import { eventsOf, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

Deno.test("Bash streams lines while its command runs, then gives them whole", async () => {
  using ground = new Playground();
  const command = 'echo one; echo two >&2; while [ ! -e go ]; do sleep 0.01; done; printf "three"';
  const spec = scriptedSpec(ground, [calling(bash(command)), { text: "end" }]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "go" });
  const early = [
    await connection.nextEvent("tool_token"),
    await connection.nextEvent("tool_token"),
  ];
  writeFileSync(ground.path("go"), "");
  const run = await connection.finish();

  const tokens = eventsOf(run.events, "tool_token");
  assert.deepEqual(tokens.slice(0, 2), early);
  const contents = tokens.map(({ content }) => content);
  assert.deepEqual(contents.slice(0, 2).sort(), ["one\n", "two\n"]);
  assert.deepEqual(contents.slice(2), ["three\n"]);
  const [start] = eventsOf(run.events, "tool_start");
  for (const { tool_call_id } of tokens) assert.equal(tool_call_id, start?.tool_call_id);
  const expected = ended({ stdout: "one\nthree", stderr: "two\n" });
  assert.deepEqual(toolOutcomes(run).map(endOf), [expected]);
});

Deno.test("Bash ends its command with all it started at the timeout, and keeps what it said", async () => {
  using ground = new Playground();
  const mark = markedSleep();
  const [late, next] = await runCommands({
    ground,
    commands: [
      bash(`echo begun; trap "" TERM HUP INT; sleep ${mark} & (setsid sleep ${mark}); wait`, {
        timeout: 300,
      }),
      bash("echo next"),
    ],
  });
  assert.deepEqual(late, ended({ stdout: "begun\n", exit_code: 137, timed_out: true }));
  assert.deepEqual(next, ended({ stdout: "next\n" }));
  await gone(mark);
});

Deno.test("Bash runs a command in the folder of workdir", async () => {
  using ground = new Playground({ "sub/deep/a.txt": "" });
  const ends = await runCommands({
    ground,
    commands: [
      bash("pwd", { workdir: "sub/deep" }),
      bash("pwd", { workdir: ground.path("sub") }),
      bash("cd sub && pwd"),
      bash("pwd"),
    ],
  });
  const folders = ["sub/deep", "sub", "sub", ""].map((name) => ground.path(name));
  assert.deepEqual(
    ends,
    folders.map((path) => ended({ stdout: `${path.replace(/\/$/, "")}\n` })),
  );
});

/** Runs until the file `go` is there. */
const WAITS = "while [ ! -e go ]; do sleep 0.01; done";

Deno.test("Bash starts a command in the background; BashOutput reads it by cursor and filter", async () => {
  using ground = new Playground();
  const id = "bash_1";
  const mark = markedSleep();
  const running = commandOutcomes({
    ground,
    commands: [
      bash(`echo one; echo two; echo three; echo $$ > pid; ${WAITS}; echo last; exit 7 # ${mark}`, {
        run_in_background: true,
      }),
      bash("while [ ! -s pid ]; do sleep 0.01; done"),
      ["BashOutput", { bash_id: id }],
      ["BashOutput", { bash_id: id, cursor: 1, filter: "^t" }],
      ["BashOutput", { bash_id: id, cursor: 3 }],
      bash("touch go; while [ ! -e over ]; do sleep 0.01; done"),
      ["BashOutput", { bash_id: id, cursor: 3 }],
      ["KillShell", { shell_id: id }],
    ],
  });
  await until(() => existsSync(ground.path("go")) || undefined, { what: "second wait" });
  await gone(mark);
  writeFileSync(ground.path("over"), "");
  const outcomes = await running;
  const [started, , all, filtered, none, , rest, killed] = outcomes.map(({ text }) => text);
  const { bash_id, status, cwd } = fieldsOf(started ?? "");
  assert.deepEqual([bash_id, status, cwd], [id, "running", ground.workspace]);
  const before = { bash_id: id, status: "running", exit_code: null, dropped_lines: 0 };
  assert.deepEqual(fieldsOf(all ?? ""), {
    ...before,
    next_cursor: 3,
    output: "one\ntwo\nthree\n",
  });
  assert.deepEqual(fieldsOf(filtered ?? ""), {
    ...before,
    next_cursor: 3,
    output: "two\nthree\n",
  });
  assert.deepEqual(fieldsOf(none ?? ""), { ...before, next_cursor: 3, output: "" });
  assert.deepEqual(fieldsOf(rest ?? ""), {
    ...before,
    status: "completed",
    exit_code: 7,
    next_cursor: 4,
    output: "last\n",
  });
  assert.equal(
    killed,
    "Execution failed: Cannot end bash_1: it has ended already with exit code 7",
  );
});

Deno.test("KillShell ends a background command with all it started, and no other", async () => {
  using ground = new Playground();
  const [first, second] = [markedSleep(), markedSleep()];
  const background = { run_in_background: true };
  const spec = scriptedSpec(ground, [
    calling(
      bash(`trap "" TERM; sleep ${first} & sleep ${first}`, background),
      bash(`sleep ${second}`, background),
      ["KillShell", { shell_id: "bash_1" }],
      ["BashOutput", { bash_id: "bash_1" }],
      ["BashOutput", { bash_id: "bash_2" }],
      bash(WAITS),
    ),
    { text: "end" },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "go" });
  for (let call = 0; call < 5; call++) await connection.nextEvent("tool_complete");
  assert.deepEqual([processesWith(first), processesWith(second).length > 0], [[], true]);
  assert.ok(!existsSync(ground.path("go")));
  writeFileSync(ground.path("go"), "");
  const run = await connection.finish();

  const [, , killed, one, two] = toolOutcomes(run).map(({ text }) => fieldsOf(text));
  assert.deepEqual(killed, { shell_id: "bash_1", bash_id: "bash_1", status: "killed" });
  const none = { exit_code: null, next_cursor: 0, dropped_lines: 0, output: "" };
  assert.deepEqual(one, { ...none, bash_id: "bash_1", status: "completed", exit_code: 137 });
  assert.deepEqual(two, { ...none, bash_id: "bash_2", status: "running" });
  await gone(second);
});

Deno.test("a command can signal no program of another command", async () => {
  using ground = new Playground();
  const outcomes = await commandOutcomes({
    ground,
    commands: [
      bash(`echo $$ > pid; ${WAITS}; echo unharmed; touch over; ${WAITS.replace("go", "never")}`, {
        run_in_background: true,
      }),
      bash("while [ ! -s pid ]; do sleep 0.01; done; kill -KILL $(cat pid) 2>/dev/null; echo $?"),
      // Nothing is sent where signals reach this test.
      bash(`kill -0 ${Deno.pid} 2>/dev/null || kill -KILL -1; kill -KILL $$`),
      bash("touch go; while [ ! -e over ]; do sleep 0.01; done"),
      ["BashOutput", { bash_id: "bash_1" }],
    ],
  });
  const [, one, all, , output] = outcomes;
  assert.ok(one && all && output);
  assert.deepEqual(endOf(one), ended({ stdout: "1\n" }));
  assert.deepEqual(endOf(all), ended({ exit_code: 137 }));
  const { status, output: text } = fieldsOf(output.text);
  assert.deepEqual([status, text], ["running", "unharmed\n"]);
});
