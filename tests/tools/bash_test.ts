import { strict as assert } from "node:assert";
import { bashTool } from "../../src/tools/bash.ts";
import { workspaceTool } from "../../src/tools/workspace.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { callElsewhere } from "./elsewhere.ts";
import { FakeBox } from "./fake_box.ts";
import { ToolWorld } from "./tool_world.ts";

const ENVIRONMENT = { source: "sheath", shell: "/bin/sh", network: "none", home: "private" };

Deno.test("Bash gives a command to the shell and tells how it ended", async () => {
  for (const exitCode of [0, 1, 137]) {
    const box = new FakeBox(async (program) => {
      await program.write("out\n");
      await program.write("err\n", "stderr");
      program.end(exitCode, { cut: { stdout: false, stderr: true } });
    });
    await using place = new ToolWorld({}, { box });
    const { result, ...rest } = await place.call(bashTool, { command: "echo $X; x" });
    assert.deepEqual(rest, { success: exitCode === 0, display_preference: "Collapsible" });
    assert.deepEqual(JSON.parse(result), {
      command: "echo $X; x",
      cwd: place.path("."),
      stdout: "out\n",
      stderr: "err\n",
      exit_code: exitCode,
      timed_out: false,
      stdout_truncated: false,
      stderr_truncated: true,
      environment: ENVIRONMENT,
    });
    assert.equal(place.emitted, "out\nerr\n");
    const { onOutput: _, ...program } = box.last.program;
    assert.deepEqual(program, {
      argv: ["/bin/sh", "-c", "echo $X; x"],
      cwd: place.path("."),
      outputBytes: 1000,
    });
  }
});

Deno.test("Bash runs in the session's folder or in workdir, inside the granted folders only", async () => {
  const box = new FakeBox();
  await using place = new ToolWorld({ "sub/deep/x": "", "a.txt": "", "../outside/x": "" }, { box });
  place.link("way", "sub/deep");
  place.link("out", "../outside");
  await place.text(workspaceTool, { path: "sub" });
  const table: readonly (readonly [args: Record<string, unknown>, folder: string])[] = [
    [{}, "sub"],
    [{ workdir: "deep" }, "sub/deep"],
    [{ workdir: ".." }, "."],
    [{ workdir: place.path("way") }, "sub/deep"],
    [{ workdir: place.path("../granted") }, "../granted"],
  ];
  for (const [args, folder] of table) {
    await place.text(bashTool, { command: "x", ...args });
    assert.equal(box.last.program.cwd, place.path(folder));
  }
  const started = box.programs.length;
  for (const workdir of ["/", "../../outside", place.path("out"), "none", place.path("a.txt")]) {
    assert.match(await place.refusal(bashTool, { command: "x", workdir }), /^refused: Cannot /);
  }
  assert.equal(box.programs.length, started);
});

Deno.test("Bash ends a command after timeout, 120 seconds by default", async () => {
  for (const [args, ms] of [[{}, 120_000], [{ timeout: 30 }, 30]] as const) {
    const clock = new FakeClock();
    await using place = new ToolWorld({}, { box: new FakeBox(() => {}), clock });
    const running = place.call(bashTool, { command: "x", ...args });
    while (clock.waits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(clock.waits, [ms]);
    await clock.advance(ms);
    const { success, result } = await running;
    const { exit_code, timed_out } = JSON.parse(result);
    assert.deepEqual([success, exit_code, timed_out], [false, 137, true]);
  }
});

Deno.test("Bash fails a command that ends well only after its time", async () => {
  const clock = new FakeClock();
  const box = new FakeBox((program) => {
    program.kill = () => program.end(0);
  });
  await using place = new ToolWorld({}, { box, clock });
  const running = place.call(bashTool, { command: "x" });
  while (clock.waits.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(120_000);
  assert.equal((await running).success, false);
});

Deno.test("Bash leaves a command in the background", async () => {
  const box = new FakeBox(() => {});
  await using place = new ToolWorld({}, { box });
  const { result, ...rest } = await place.call(bashTool, {
    command: "serve",
    run_in_background: true,
  });
  assert.deepEqual(rest, { success: true, display_preference: "Collapsible" });
  assert.deepEqual(JSON.parse(result), {
    bash_id: "bash_1",
    command: "serve",
    status: "running",
    cwd: place.path("."),
    environment: ENVIRONMENT,
  });
  assert.equal(box.last.program.outputBytes, undefined);
  assert.equal(box.last.isKilled, false);
});

Deno.test("Bash tells what was restored", async () => {
  const box = new FakeBox((program) => {
    place.put(".git/hooks/pre-commit", "evil");
    program.end(0);
  });
  await using place = new ToolWorld({ ".git/hooks/pre-push": "" }, { box });
  const { stderr } = JSON.parse(await place.text(bashTool, { command: "x" }));
  const name = ".git/hooks/pre-commit";
  assert.equal(stderr, `[sheath: restored protected ${name}: commands may not change it]\n`);
});

Deno.test("Bash restores with no other permission than that for the roots", async () => {
  await using place = new ToolWorld({ ".git/hooks/pre-push": "good", ".git/config": "" });
  const { roots } = place.world;
  const folders = [roots.workspace, ...roots.read].join(",");
  const calls = [".git/hooks/pre-push", ".git/hooks/new", ".envrc"]
    .map((name) => ["Bash", { command: place.path(name) }] as const);
  const flags = [`--allow-read=${folders}`, `--allow-write=${roots.workspace}`];
  const answers = await callElsewhere(flags, { roots, calls });
  assert.deepEqual(answers.map((answer) => JSON.parse(answer).stderr), [
    "[sheath: restored protected .git/hooks/pre-push: commands may not change it]\n",
    "[sheath: restored protected .git/hooks/new: commands may not change it]\n",
    "[sheath: restored protected .envrc: commands may not change it]\n",
  ]);
});

Deno.test("Bash refuses where no programs may be started", async () => {
  await using place = new ToolWorld();
  const world = { ...place.world, shells: undefined };
  await assert.rejects(bashTool.perform({ command: "x" }, world, new AbortController().signal), {
    fault: "refused",
    message:
      "Cannot start programs here: they need capabilities.sandbox.commands and level kernel or above",
  });
});

Deno.test("Bash.prepare() needs the whole command, and refuses what no shell takes", () => {
  assert.deepEqual(bashTool.prepare({ command: "rm -rf /\n# no" }), {
    mutating: true,
    needs: [{ type: "execute_command", command: "rm -rf /\n# no" }],
  });
  const table: readonly (readonly [args: Record<string, unknown>, message: string])[] = [
    [{ command: "" }, "command: expected a command, got an empty text"],
    [{ command: "a\0b" }, "command: expected a command, got a text with a NUL character"],
    [
      { command: "é".repeat(50_001) },
      "command: expected a command of at most 100000 bytes, got 100002; use a script file",
    ],
    [{ command: "x", timeout: 0 }, "timeout: expected a whole number from 1 to 600000, got 0"],
    [
      { command: "x", timeout: 600_001 },
      "timeout: expected a whole number from 1 to 600000, got 600001",
    ],
    [{ command: "x", workdir: "a\0" }, "workdir: expected a path, got a text with a NUL character"],
  ];
  for (const [args, message] of table) {
    assert.throws(() => bashTool.prepare(args), { fault: "bad_input", message });
  }
});
