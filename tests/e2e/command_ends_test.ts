// What commands leave running is gone with them; and whatever ends a run or its worker, nothing of
// its commands is left.
import { strict as assert } from "node:assert";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { SHEATH } from "../support/binary.ts";
import { bash, ended, endOf } from "../support/commands.ts";
import { until } from "../support/deadline.ts";
import { hasNamespaces } from "../support/machine.ts";
import { Playground } from "../support/playground.ts";
import { isAlive } from "../support/proc.ts";
import {
  allEnded,
  descendants,
  gone,
  markedSleep,
  processesWith,
  sleeping,
} from "../support/processes.ts";
import { calling, scriptedSpec, type ScriptTurn } from "../support/scripted_spec.ts";
import {
  type ObservedRun,
  toolOutcomes,
  type WorkerConnection,
} from "../support/worker_connection.ts";
import { recordPath, WorkerProcess } from "../support/worker_process.ts";

const LEVELS: Record<string, { readonly sandbox: unknown; readonly isThere: () => boolean }> = {
  "kernel": { sandbox: { require: "kernel" }, isThere: () => true },
  "namespace": { sandbox: { require: "namespace" }, isThere: hasNamespaces },
  "kernel, unconfined": { sandbox: { commands: "unconfined" }, isThere: () => true },
};

/** Four that do their best to stay: of another session, twice orphaned, deaf, in a pipe. */
function leftovers(mark: string): string {
  return [
    `setsid sleep ${mark} &`,
    `sh -c '(setsid sh -c "sleep ${mark} & exec true" &) & exec true'`,
    `trap "" HUP INT TERM; nohup sleep ${mark} >/dev/null 2>&1 &`,
    `(sleep ${mark} | cat) &`,
  ].join("\n");
}
const LEFTOVERS = 4;

const waitsFor = (file: string) => `while [ ! -e ${file} ]; do sleep 0.01; done`;
const WAITS = waitsFor("go");
/** What ends with its command need not be waited for longer. */
const AT_ONCE_MS = 1_000;

for (const [level, { sandbox, isThere }] of Object.entries(LEVELS)) {
  Deno.test(`what a command leaves running ends with it (${level})`, async () => {
    if (!isThere()) return;
    using ground = new Playground();
    const mark = markedSleep();
    const turns = [
      calling(bash(`${leftovers(mark)}\n${WAITS}; echo over`), bash("rm go")),
      calling(bash(WAITS)),
      { text: "end" },
    ];
    await using worker = await startWorker(ground, { turns, sandbox });
    await using connection = await worker.connect();
    connection.send({ kind: "run", assignment: "go" });
    await sleeping(mark, LEFTOVERS);
    const go = ground.path("go");
    writeFileSync(go, "");
    for (let call = 0; call < 2; call++) await connection.nextEvent("tool_complete");
    await gone(mark);
    writeFileSync(go, "");
    const run = await connection.finish();
    assert.deepEqual(toolOutcomes(run).map(endOf), [
      ended({ stdout: "over\n" }),
      ended(),
      ended(),
    ]);
  });
}

for (const level of ["kernel", "namespace"]) {
  Deno.test(`what a command leaves running ends with it while others run (${level})`, async () => {
    const { sandbox, isThere } = LEVELS[level] ?? assert.fail(level);
    if (!isThere()) return;
    using ground = new Playground();
    const [killed, runsOn, waitedFor] = [markedSleep(), markedSleep(), markedSleep()];
    const background = { run_in_background: true };
    const turns = [
      calling(
        bash(`${leftovers(killed)}\nwait`, background),
        bash(`${leftovers(runsOn)}\nwait`, background),
        bash(`${leftovers(waitedFor)}\n${waitsFor("one")}; echo over`),
        bash(waitsFor("two")),
        ["KillShell", { shell_id: "bash_1" }],
        bash(waitsFor("three")),
        // The thread of the first is free again, and new ones come.
        bash(`${leftovers(killed)}\necho again`),
        bash(`sleep ${killed}`, background),
        bash(waitsFor("four")),
      ),
      { text: "end" },
    ];
    await using worker = await startWorker(ground, { turns, sandbox });
    await using connection = await worker.connect();
    connection.send({ kind: "run", assignment: "go" });
    const completed = async (calls: number) => {
      for (let call = 0; call < calls; call++) await connection.nextEvent("tool_complete");
    };
    for (const mark of [killed, runsOn, waitedFor]) await sleeping(mark, LEFTOVERS);

    writeFileSync(ground.path("one"), "");
    await completed(3);
    await goneAtOnce(waitedFor);
    await sleeping(killed, LEFTOVERS);
    await sleeping(runsOn, LEFTOVERS);

    writeFileSync(ground.path("two"), "");
    await completed(2);
    await goneAtOnce(killed);
    await sleeping(runsOn, LEFTOVERS);

    writeFileSync(ground.path("three"), "");
    await completed(3);
    await sleeping(killed, 1);
    await sleeping(runsOn, LEFTOVERS);

    writeFileSync(ground.path("four"), "");
    assertTerminal(await connection.finish(), { status: "completed", result: "end" });
    await gone(killed);
    await gone(runsOn);
  });
}

async function goneAtOnce(mark: string): Promise<void> {
  await until(() => processesWith(mark).length === 0 || undefined, {
    what: `end of all processes with "${mark}"`,
    ms: AT_ONCE_MS,
  });
}

type Scene = {
  readonly ground: Playground;
  readonly worker: WorkerProcess;
  readonly connection: WorkerConnection;
};

type Ending = {
  /** After the command in the background was started. */
  readonly turns?: readonly ScriptTurn[];
  readonly limits?: Readonly<Record<string, unknown>>;
  /** Does what ends it; resolves when the worker must have noticed. */
  readonly end: (scene: Scene) => Promise<void>;
};

const HANGS: readonly ScriptTurn[] = [calling(bash("sleep 600"))];

const endings: Record<string, Ending> = {
  "the run completes": {
    turns: [calling(bash(WAITS)), { text: "end" }],
    async end({ ground, connection }) {
      writeFileSync(ground.path("go"), "");
      assertTerminal(await connection.finish(), { status: "completed", result: "end" });
    },
  },
  "the run fails": {
    turns: [calling(bash(WAITS)), { error: { status: 400, message: "no" } }],
    async end({ ground, connection }) {
      writeFileSync(ground.path("go"), "");
      assertTerminal(await connection.finish(), { status: "error", reason: "failed" });
    },
  },
  "the run is cancelled": {
    async end({ connection }) {
      connection.send({ kind: "cancel" });
      assertTerminal(await connection.finish(), { status: "cancelled" });
    },
  },
  "the run's time is over": {
    limits: { run_timeout_secs: 1 },
    async end({ connection }) {
      assertTerminal(await connection.finish(), { status: "error", reason: "timeout" });
    },
  },
  "another run begins": {
    async end({ connection }) {
      connection.send({ kind: "run", assignment: "another" });
      assertTerminal(await connection.finish(), { status: "cancelled" });
      connection.send({ kind: "cancel" });
      await connection.finish();
    },
  },
  "the host goes away": { end: ({ connection }) => connection.close() },
  "the worker gets SIGTERM": {
    async end({ worker, connection }) {
      assert.equal((await worker.stop()).code, 0);
      await connection.closed;
    },
  },
  "the worker gets SIGKILL": {
    async end({ ground, worker, connection }) {
      worker.process.kill("SIGKILL");
      await worker.process.exit();
      await connection.closed;
      // Nobody is left to withdraw the record: its lease runs out.
      const path = recordPath(ground, SPEC);
      const { lease_expires_at } = JSON.parse(readFileSync(path, "utf8"));
      const leaseMs = Date.parse(lease_expires_at) - Date.now();
      assert.ok(leaseMs <= 60_500, `lease of ${leaseMs} ms`);
      rmSync(path);
    },
  },
  "the process that started the worker is killed": {
    async end({ worker, connection }) {
      const { pid } = worker.record;
      assert.notEqual(pid, worker.process.pid);
      worker.process.kill("SIGKILL");
      await connection.closed;
      await until(() => isAlive(Number(pid)) ? undefined : true, {
        what: "end of the worker",
        ms: 5_000,
      });
    },
  },
};

for (const [level, { sandbox, isThere }] of Object.entries(LEVELS)) {
  Deno.test(`nothing of a run's commands is left (${level})`, async (t) => {
    if (!isThere()) return;
    for (const [name, { turns = HANGS, limits = {}, end }] of Object.entries(endings)) {
      await t.step(`when ${name}`, async () => {
        using ground = new Playground();
        const mark = markedSleep();
        const background = bash(`${leftovers(mark)}\nwait`, { run_in_background: true });
        let tree: readonly number[] = [];
        {
          await using worker = await startWorker(ground, {
            turns: [calling(background), ...turns],
            sandbox,
            limits,
            starter: name.startsWith("the process that started"),
          });
          await using connection = await worker.connect();
          connection.send({ kind: "run", assignment: "go" });
          await sleeping(mark, LEFTOVERS);
          tree = descendants(worker.process.pid);
          assert.ok(tree.length > LEFTOVERS);
          await end({ ground, worker, connection });
          await gone(mark);
        }
        await allEnded(tree);
      });
    }
  });
}

const SPEC = { identity: { child_id: "c-1" } };

type WorkerOptions = {
  readonly turns: readonly ScriptTurn[];
  readonly sandbox: unknown;
  readonly limits?: Readonly<Record<string, unknown>>;
  /** Whether it is to be started by a process of its own. */
  readonly starter?: boolean;
};

async function startWorker(
  ground: Playground,
  { turns, sandbox, limits = {}, starter = false }: WorkerOptions,
): Promise<WorkerProcess> {
  const spec = scriptedSpec(ground, turns, { capabilities: { sandbox }, limits });
  return await WorkerProcess.start({
    ground,
    spec,
    ...(starter && { program: starterProgram(ground) }),
  });
}

/** A program that starts the worker and waits for it. */
function starterProgram({ root }: Playground): string {
  const path = join(root, "starter");
  writeFileSync(path, `#!/bin/sh\nexec 3<&0\n'${SHEATH}' "$@" <&3 3<&- &\nexec 3<&-\nwait\n`);
  chmodSync(path, 0o755);
  return path;
}

function assertTerminal(
  { terminal }: ObservedRun,
  expected: Readonly<Record<string, string>>,
): void {
  const { status, reason, result } = terminal;
  const fields = {
    status,
    ...(reason !== undefined && { reason }),
    ...(result !== "" && { result }),
  };
  assert.deepEqual(fields, expected, JSON.stringify(terminal));
}

Deno.test("a keeper that is killed takes its commands and its worker along", async () => {
  using ground = new Playground();
  const mark = markedSleep();
  // The second turn is begun or not: the run must not be over before the worker has noticed.
  const turns = [
    calling(bash(`${leftovers(mark)}\nsleep 600`)),
    calling(["Sleep", { seconds: 60 }]),
  ];
  await using worker = await startWorker(ground, { turns, sandbox: { require: "kernel" } });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "go" });
  await sleeping(mark, LEFTOVERS);
  const [keeper] = descendants(worker.process.pid);
  assert.ok(keeper !== undefined);
  process.kill(keeper, "SIGKILL");
  assertTerminal(await connection.finish(), { status: "error", reason: "failed" });
  assert.equal((await worker.process.exit()).code, 1);
  await gone(mark);
});
