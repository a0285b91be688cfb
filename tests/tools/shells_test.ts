import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { WorkerError } from "../../src/core/errors.ts";
import type { Run, Shells } from "../../src/tools/shells.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { FakeBox, type FakeProgram } from "./fake_box.ts";
import { ToolWorld } from "./tool_world.ts";

const forever = new AbortController().signal;

/** A session's programs, and what they run in. */
function ground(script?: (program: FakeProgram) => void | Promise<void>) {
  const clock = new FakeClock();
  const box = new FakeBox(script);
  const place = new ToolWorld({ ".git/HEAD": "" }, { box, clock });
  const { shells } = place.world;
  assert.ok(shells);
  const run = (more: Partial<Run> = {}, signal: AbortSignal = forever) =>
    shells.run({ ...programIn(place), timeoutMs: 1000, onLines: () => {}, ...more }, signal);
  return { clock, box, place, shells, run };
}

function programIn(place: ToolWorld) {
  return { argv: ["/bin/sh", "-c", "x"], cwd: place.path(".") } as const;
}

async function start(shells: Shells, place: ToolWorld) {
  return await shells.startBackground(programIn(place), forever);
}

Deno.test("Shells.run() collects both streams and tells whole lines as they come", async () => {
  const told: string[] = [];
  const { place, run, box } = ground(async (program) => {
    await program.write("on");
    await program.write("e\ntw");
    await program.write("oops\n", "stderr");
    await program.write("o");
    program.end(3, { cut: { stdout: true, stderr: false } });
  });
  await using _place = place;
  const end = await run({ onLines: (text) => told.push(text), outputBytes: 7, input: "in" });
  assert.deepEqual(end, {
    exitCode: 3,
    stdout: "one\ntwo",
    stderr: "oops\n",
    isCut: { stdout: true, stderr: false },
    isTimedOut: false,
  });
  assert.deepEqual(told, ["one\n", "oops\n", "two\n"]);
  const { onOutput: _, ...program } = box.last.program;
  assert.deepEqual(program, { ...programIn(place), outputBytes: 7, input: "in" });
});

Deno.test("Shells.run() ends a program when its time is over", async () => {
  const { place, run, box, clock } = ground(() => {});
  await using _place = place;
  const running = run({ timeoutMs: 500 });
  await clock.advance(499);
  assert.equal(box.last.isKilled, false);
  await clock.advance(1);
  const { exitCode, isTimedOut } = await running;
  assert.deepEqual([exitCode, isTimedOut, box.last.isKilled], [137, true, true]);
  assert.deepEqual(clock.waits, []);
});

Deno.test("Shells.run() ends a program when aborted, and rejects with the reason", async () => {
  const reason = new Error("stop");
  for (const when of ["while it runs", "while it starts"]) {
    const controller = new AbortController();
    const { place, run, box } = ground(() => {
      if (when === "while it starts") controller.abort(reason);
    });
    await using _place = place;
    const running = run({}, controller.signal);
    const rejected = assert.rejects(running, (thrown) => thrown === reason);
    await settle();
    controller.abort(reason);
    await rejected;
    assert.equal(box.last.isKilled, true);
  }
  const { place, run, box } = ground();
  await using _place = place;
  const aborted = run({}, AbortSignal.abort(reason));
  await assert.rejects(aborted, (thrown) => thrown === reason);
  assert.deepEqual(box.programs, []);
});

Deno.test("Shells.run() passes on that the box is gone, or that it does not end a program", async () => {
  const gone = new WorkerError("internal", "The box is gone");
  const { place, run } = ground((program) => program.fail(gone));
  await using _place = place;
  await assert.rejects(run(), (thrown) => thrown === gone);

  const refusal = new WorkerError("refused", "Cannot start");
  const refusing = ground(() => Promise.reject(refusal));
  await using _refusing = refusing.place;
  await assert.rejects(refusing.run(), (thrown) => thrown === refusal);

  const mute = ground((program) => {
    program.kill = () => {};
  });
  await using _mute = mute.place;
  const running = mute.run({ timeoutMs: 1 });
  const rejected = assert.rejects(running, { fault: "internal" });
  await mute.clock.advance(1);
  await mute.clock.advance(5000);
  await rejected;
  mute.box.last.end(0);
});

Deno.test("Shells.run() tells at the end of stderr what ended a program and what was restored", async () => {
  const table: readonly (readonly [written: string, stderr: string])[] = [
    ["", ""],
    ["oops", "oops\n"],
    ["oops\n", "oops\n"],
  ];
  for (const [written, stderr] of table) {
    const told: string[] = [];
    const { place, run } = ground(async (program) => {
      await program.write(written, "stderr");
      place.put(".git/hooks/pre-commit", "evil");
      program.end(137, { limit: "used more than 2 GiB of memory" });
    });
    await using _place = place;
    const end = await run({ onLines: (text) => told.push(text) });
    const notes = "[sheath: used more than 2 GiB of memory]\n" +
      "[sheath: restored protected .git/hooks: commands may not change it]\n";
    assert.equal(end.stderr, stderr + notes);
    assert.equal(told.join(""), stderr + notes);
    assert.equal(existsSync(place.path(".git/hooks")), false);
  }
});

Deno.test("Shells.run() restores however a program ends", async () => {
  const ends: readonly ((program: FakeProgram) => void | Promise<void>)[] = [
    (program) => program.fail(new WorkerError("internal", "gone")),
    () => {}, // it runs until it is aborted
    () => Promise.reject(new WorkerError("refused", "no")),
  ];
  for (const end of ends) {
    const { place, run } = ground((program) => {
      place.put(".mcp.json", "evil");
      return end(program);
    });
    await using _place = place;
    const controller = new AbortController();
    const rejected = assert.rejects(run({}, controller.signal));
    await settle();
    controller.abort(new Error("stop"));
    await rejected;
    assert.equal(existsSync(place.path(".mcp.json")), false);
  }
});

Deno.test("Shells keeps the last lines of a command in the background", async () => {
  const { place, shells, box, clock } = ground(() => {});
  await using _place = place;
  const command = await start(shells, place);
  assert.deepEqual([command.id, command.state], ["bash_1", { type: "running" }]);
  await box.last.write("one\ntw");
  await box.last.write("oops\n", "stderr");
  await box.last.write("o\nthr");
  assert.deepEqual(command.lines.since(0), ["one", "oops", "two"]);
  await box.last.write(`${"x".repeat(5000)}\n`);
  assert.match(command.lines.since(3)[0] ?? "", /^thrx{3997} \[… 1003 more characters\]$/);
  for (let line = 0; line < 25_000; line++) await box.last.write(`${line}\n`);
  assert.deepEqual([command.lines.first, command.lines.end], [5004, 25_004]);
  await clock.advance(7);
  await box.last.write("rest");
  place.put(".mcp.json", "evil");
  box.last.end(2, { limit: "it wrote too much" });
  await settle();
  assert.deepEqual(command.state, { type: "ended", exitCode: 2, atMs: 7 });
  assert.deepEqual(command.lines.since(25_004), [
    "rest",
    "[sheath: it wrote too much]",
    "[sheath: restored protected .mcp.json: commands may not change it]",
  ]);
});

Deno.test("Shells bounds the memory of lines", async () => {
  const { place, shells, box } = ground(() => {});
  await using _place = place;
  const command = await start(shells, place);
  const line = "x".repeat(4000);
  for (let count = 0; count < 2000; count++) await box.last.write(`${line}\n`);
  const kept = command.lines.since(0).join("").length;
  assert.ok(kept <= 4 * 1024 * 1024 && kept > 4_000_000, `${kept}`);
});

Deno.test("Shells marks a command in the background as ended when the box is gone", async () => {
  const { place, shells, box } = ground(() => {});
  await using _place = place;
  const command = await start(shells, place);
  box.last.fail(new WorkerError("internal", "The box is gone"));
  await settle();
  assert.deepEqual(command.state, { type: "ended", exitCode: null, atMs: 0 });
  assert.deepEqual(command.lines.since(0), ["[sheath: The box is gone]"]);
});

Deno.test("Shells keeps an ended command for 300 seconds", async () => {
  const { place, shells, box, clock } = ground(() => {});
  await using _place = place;
  const running = await start(shells, place);
  const ended = await start(shells, place);
  box.last.end(0);
  await settle();
  await clock.advance(299_999);
  assert.equal(shells.backgroundCommand("bash_2"), ended);
  await clock.advance(1);
  assert.equal(shells.backgroundCommand("bash_1"), running);
  assert.throws(() => shells.backgroundCommand("bash_2"), {
    fault: "refused",
    message:
      'Cannot find background command "bash_2": there are bash_1; ended ones are kept 5 minutes',
  });
});

Deno.test("Shells takes 32 commands in the background, ended ones make room", async () => {
  const { place, shells, box } = ground(() => {});
  await using _place = place;
  for (let count = 0; count < 32; count++) await start(shells, place);
  await assert.rejects(start(shells, place), {
    fault: "refused",
    message: "Cannot start in the background: 32 commands run there; end one with KillShell",
  });
  box.programs[4]?.end(0);
  await settle();
  assert.equal((await start(shells, place)).id, "bash_33");
  assert.throws(() => shells.backgroundCommand("bash_5"), { fault: "refused" });
  assert.equal(box.programs.length, 33);
});

Deno.test("Shells.startBackground() leaves nothing when it cannot start or is aborted", async () => {
  const refusal = new WorkerError("refused", "Cannot start");
  const refusing = ground(() => Promise.reject(refusal));
  await using _refusing = refusing.place;
  await assert.rejects(start(refusing.shells, refusing.place), (thrown) => thrown === refusal);
  assert.throws(() => refusing.shells.backgroundCommand("bash_1"), { message: /there is none/ });

  const controller = new AbortController();
  const reason = new Error("stop");
  const { place, shells, box } = ground(() => controller.abort(reason));
  await using _place = place;
  const starting = shells.startBackground(programIn(place), controller.signal);
  await assert.rejects(starting, (thrown) => thrown === reason);
  assert.equal(box.last.isKilled, true);
  assert.throws(() => shells.backgroundCommand("bash_1"), { message: /there is none/ });
});

Deno.test("Shells.close() ends every program, and no other starts", async () => {
  const starts = Promise.withResolvers<void>();
  const { place, shells, box, run } = ground((program) => {
    return program.program.input === "slow" ? starts.promise : undefined;
  });
  await using _place = place;
  await start(shells, place);
  const running = run();
  const starting = assert.rejects(run({ input: "slow" }), { fault: "refused" });
  await settle();
  await shells.close();
  starts.resolve();
  await starting;
  assert.deepEqual(box.programs.map(({ isKilled }) => isKilled), [true, true, true]);
  assert.equal((await running).exitCode, 137);
  const line = { fault: "refused", message: "Cannot start a program: its session has ended" };
  await assert.rejects(run(), line);
  await assert.rejects(start(shells, place), line);
  await shells.close();
});
