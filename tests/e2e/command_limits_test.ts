// Commands that take too much: what ends them, that the model is told why, and that work goes on.
import { strict as assert } from "node:assert";
import { statSync } from "node:fs";
import { bash, type CommandEnd, ended, endOf, runCommands } from "../support/commands.ts";
import { hasPrograms } from "../support/machine.ts";
import { Playground } from "../support/playground.ts";
import { memoryBytes } from "../support/proc.ts";
import { gone, markedSleep } from "../support/processes.ts";
import { calling, echoSpec, scriptedSpec } from "../support/scripted_spec.ts";
import { runSheath } from "../support/sheath_process.ts";
import { toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const MB = 1_000_000;

type Hog = {
  /** capabilities.sandbox.limits. */
  readonly limits: Readonly<Record<string, number>>;
  readonly command: string;
};

/** Runs the command, then another in the same run, which must work. */
async function runHog(ground: Playground, { limits, command }: Hog): Promise<CommandEnd> {
  const next = 'rm -rf "$TMPDIR"/* && echo next';
  const [hog, ...others] = await runCommands({
    ground,
    commands: [command, next],
    sandbox: { limits },
  });
  assert.ok(hog);
  assert.deepEqual(others, [ended({ stdout: "next\n" })]);
  return hog;
}

/** How the watch over all commands ends them; the result is the figure it tells. */
function assertEndedFor({ stderr, ...end }: CommandEnd, limit: string, most: number): number {
  assert.deepEqual({ ...end, stderr: "", stdout: "" }, ended({ exit_code: 137 }));
  const says = new RegExp(
    `\\[sheath: all commands were ended: (\\d+), at most ${most} \\(capabilities\\.sandbox\\.limits\\.${limit}\\)\\]\n$`,
  );
  assert.match(stderr, says);
  return Number(stderr.match(says)?.[1]);
}

Deno.test("worker ends all commands at too many processes, in the middle of a storm", async () => {
  using ground = new Playground();
  const mark = markedSleep();
  const end = await runHog(ground, {
    limits: { processes: 50 },
    command: `for n in $(seq 5000); do setsid sleep ${mark} & done; wait`,
  });
  const count = assertEndedFor(end, "processes", 50);
  // They are counted ten times a second: what starts in between is more on a faster machine.
  assert.ok(count > 50 && count < 2_000, `${count} processes`);
  await gone(mark);
});

Deno.test("worker ends all commands when they take too much memory together", async () => {
  if (!hasPrograms("python3")) return;
  using ground = new Playground();
  const mark = markedSleep();
  const end = await runHog(ground, {
    limits: { memory_bytes: 200 * MB },
    command: `setsid sleep ${mark} &
      for n in 1 2 3; do python3 -c 'import time; x = b"x" * 90_000_000; time.sleep(600)' & done; wait`,
  });
  const bytes = assertEndedFor(end, "memory_bytes", 200 * MB);
  assert.ok(bytes > 200 * MB && bytes < 330 * MB, `${bytes} bytes`);
  await gone(mark);
});

Deno.test("a single command cannot allocate more than memory_bytes", async (t) => {
  const hogs = {
    python3: "python3 -c 'all = []\nwhile True: all.append(bytearray(1_000_000))'",
    node: "node -e 'const all = []; for (;;) all.push(Buffer.alloc(1_000_000, 1))'",
  };
  for (const [program, command] of Object.entries(hogs)) {
    await t.step(program, async () => {
      if (!hasPrograms(program)) return;
      using ground = new Playground();
      const end = await runHog(ground, { limits: { memory_bytes: 200 * MB }, command });
      assert.notEqual(end.exit_code, 0);
      assert.equal(end.timed_out, false);
      assert.match(end.stderr, /MemoryError|out of memory|memory_bytes/);
    });
  }
});

Deno.test("a command cannot write a file larger than file_bytes", async () => {
  using ground = new Playground();
  const { stdout, stderr, exit_code, timed_out } = await runHog(ground, {
    limits: { file_bytes: MB },
    command: "head -c 900000 /dev/zero > fits && echo fits && head -c 5000000 /dev/zero > big",
  });
  assert.deepEqual({ stdout, exit_code, timed_out }, {
    stdout: "fits\n",
    exit_code: 153, // SIGXFSZ
    timed_out: false,
  });
  assert.match(String(stderr), /capabilities\.sandbox\.limits\.file_bytes/);
  assert.equal(statSync(ground.path("fits")).size, 900_000);
  // The shell counts in blocks of 512 bytes.
  assert.equal(statSync(ground.path("big")).size, Math.ceil(MB / 512) * 512);
});

Deno.test("a command cannot take more processor time than cpu_secs", async () => {
  using ground = new Playground();
  const end = await runHog(ground, {
    limits: { cpu_secs: 1 },
    command: "echo begun; while :; do :; done",
  });
  const stderr = "[sheath: ended by a limit (capabilities.sandbox.limits.cpu_secs)]\n";
  assert.deepEqual(end, ended({ stdout: "begun\n", stderr, exit_code: 152 }));
});

Deno.test("worker ends all commands when their own folders are full", async () => {
  using ground = new Playground();
  const mark = markedSleep();
  const end = await runHog(ground, {
    limits: { tmp_bytes: MB },
    command:
      `head -c 600000 /dev/zero > ~/a; head -c 600000 /dev/zero > "$TMPDIR/b"; sleep ${mark}`,
  });
  const bytes = assertEndedFor(end, "tmp_bytes", MB);
  assert.ok(bytes >= 1_200_000 && bytes < 1_250_000, `${bytes} bytes`);
  await gone(mark);
});

Deno.test("worker ends what runs in the background too, and says there why", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [
    calling(
      bash("echo begun; sleep 600", { run_in_background: true }),
      bash("for n in $(seq 200); do sleep 600 & done; wait"),
      ["BashOutput", { bash_id: "bash_1" }],
    ),
    { text: "end" },
  ], { capabilities: { sandbox: { limits: { processes: 50 } } } });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const [, , output] = toolOutcomes(await connection.run("go")).map(({ text }) => text);
  assert.match(
    output ?? "",
    /"status":"completed","exit_code":137,.*"output":"begun\\n\[sheath: all commands were ended: \d+, at most 50 \(capabilities/,
  );
});

const FLOOD = 200 * MB;

Deno.test("a flood of output is cut, and held nowhere", async (t) => {
  const floods = {
    "lines": `yes | head -c ${FLOOD}`,
    "one line": `head -c ${FLOOD} /dev/zero | tr "\\0" x`,
    "on stderr": `yes | head -c ${FLOOD} >&2`,
    "lines in the background": `yes ${"word ".repeat(20)} | head -c ${FLOOD}`,
  };
  for (const [name, command] of Object.entries(floods)) {
    await t.step(name, async () => {
      using ground = new Playground();
      const isBehind = name.endsWith("background");
      const spec = scriptedSpec(ground, [
        calling(
          bash("true"),
          isBehind ? bash(`${command}; touch done`, { run_in_background: true }) : bash(command),
          bash(isBehind ? "while [ ! -e done ]; do sleep 0.01; done; echo next" : "echo next"),
        ),
        { text: "end" },
      ]);
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      connection.send({ kind: "run", assignment: "go" });
      await connection.nextEvent("tool_complete");
      const before = memoryBytes(worker.process.pid, "VmHWM");
      const run = await connection.finish();
      const grown = memoryBytes(worker.process.pid, "VmHWM") - before;
      assert.ok(grown < 150 * MB, `grew by ${grown} bytes`);
      const [, flood, next] = toolOutcomes(run);
      assert.ok(flood && next);
      assert.deepEqual(endOf(next), ended({ stdout: "next\n" }));
      if (isBehind) return;
      const { stdout, stderr, ...rest } = endOf(flood);
      const isError = name === "on stderr";
      assert.deepEqual(
        { ...rest, sizes: [stdout.length, stderr.length] },
        {
          exit_code: 0,
          timed_out: false,
          stdout_truncated: !isError,
          stderr_truncated: isError,
          sizes: isError ? [0, 512 * 1024] : [512 * 1024, 0],
        },
      );
      const texts = JSON.stringify(run.frames).length;
      assert.ok(texts < 10 * MB, `${texts} bytes of frames`);
    });
  }
});

Deno.test("a flood ends with the timeout of its command, however slowly it is taken", async () => {
  using ground = new Playground();
  const ends = await runCommands({
    ground,
    commands: [bash("yes", { timeout: 300 }), bash("echo next")],
  });
  const [{ stdout, ...flood } = ended(), next] = ends;
  assert.deepEqual(
    { ...flood, stdout: "" },
    ended({ exit_code: 137, timed_out: true, stdout_truncated: true }),
  );
  assert.equal(stdout, "y\n".repeat(256 * 1024));
  assert.deepEqual(next, ended({ stdout: "next\n" }));
});

Deno.test("worker refuses a limit of 0, naming it", async (t) => {
  const names = [
    "processes",
    "memory_bytes",
    "cpu_secs",
    "file_bytes",
    "output_bytes",
    "tmp_bytes",
  ];
  for (const name of names) {
    await t.step(name, async () => {
      using ground = new Playground();
      const spec = echoSpec(ground, { capabilities: { sandbox: { limits: { [name]: 0 } } } });
      const { variables } = ground;
      const exit = await runSheath(["worker"], { variables, input: JSON.stringify(spec) });
      assert.deepEqual([exit.code, exit.stdout], [2, ""]);
      const field = `capabilities.sandbox.limits.${name}`;
      assert.equal(exit.stderr, `sheath worker: ${field}: expected a number above 0\n`);
    });
  }
});
