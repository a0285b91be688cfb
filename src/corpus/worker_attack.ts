// One worker under attack: started, given a script that makes the calls of one case after another.
import { systemClock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { FileFabric } from "../fabric/file_fabric.ts";
import { type Level, LEVELS } from "../grants/level.ts";
import { WorkerProcess } from "../host/launch.ts";
import { awaitRecord, levelOf } from "../host/record.ts";
import type { AttackCase, Observation, Step } from "./attack_case.ts";
import type { Ground } from "./ground.ts";
import { Siege } from "./siege.ts";
import { bash, js, read } from "./steps.ts";

const CHILD_ID = "attacked";
const START_MS = 20_000;
/** Of a worker that is asked for a level which is not to be had. */
const EXIT_REFUSED = 3;
const MIB = 1024 * 1024;

/** Low, so that an attack on them is quick and does no harm where they do not hold. */
const LIMITS = {
  processes: 100,
  file_bytes: 16 * MIB,
  output_bytes: 64 * 1024,
  tmp_bytes: 48 * MIB,
};
/** Too little for our own engine: not where js_repl is to run. */
const MEMORY_BYTES = 192 * MIB;

export type WorkerAttack = {
  /** Path of the program that runs the worker. */
  readonly program: string;
  readonly ground: Ground;
  readonly cases: readonly AttackCase[];
  /** The least level to ask for. */
  readonly require?: Level | undefined;
  /** Who we are. */
  readonly uid: number;
  readonly onSeen: (one: AttackCase, seen: Observation) => void;
};

export type AttackEnd = {
  /** In force, as the worker's record says. */
  readonly level: Level;
  /** Cases that the worker did not get to. */
  readonly rest: readonly AttackCase[];
  /** Calls that do no harm and did not work. */
  readonly broken: readonly Broken[];
};

export type Broken = { readonly tool: string; readonly why: string };

/** A step of a case, or one that does no harm and must go on working. */
export type Planned = { readonly one: AttackCase | undefined; readonly step: Step };

/**
 * Makes the worker's calls until it has made all, or is gone. Rejects with a WorkerError if it does not
 * serve: `refused` when the level is not to be had.
 */
export async function attackWorker(options: WorkerAttack): Promise<AttackEnd> {
  const { program, ground, uid } = options;
  const log: string[] = [];
  await using worker = new WorkerProcess({
    command: [program, "worker"],
    variables: { ...ground.variables, ...options.cases[0]?.variables?.(ground.shared) },
    socketRoots: [`${ground.root}/tmp`, "/tmp"],
    clock: systemClock,
    onLog: (line) => log.push(line),
  });
  ground.attack(worker.pid);
  const plan = planOf(options);
  await worker.provide(JSON.stringify(specOf(options, plan)));
  const late = AbortSignal.timeout(START_MS);
  const connection = await worker.connect(late);
  if (connection.type === "exited") {
    throw cannotStart(connection.code, log.at(-1));
  }
  await using link = connection.link;
  const fabric = new FileFabric({ folder: ground.shared.fabric, clock: systemClock, uid });
  const record = await awaitRecord(fabric, { id: CHILD_ID, clock: systemClock }, late);
  const level = LEVELS.find((one) => record && levelOf(record) === one) ?? "deno";
  const siege = new Siege({ ground, plan, onSeen: options.onSeen, kill: () => worker.kill() });
  return { level, ...await siege.lay(link) };
}

/** Of a worker that ended with this code instead of serving. */
export function cannotStart(code: number, lastLine: string | undefined): WorkerError {
  const fault = code === EXIT_REFUSED ? "refused" : "internal";
  return new WorkerError(fault, `Cannot attack: the worker does not start: ${lastLine}`);
}

/**
 * What does no harm stands at both ends of attacks that share a worker, and last something that
 * takes its time: what an attack leaves behind must be seen to end before the run does.
 */
function planOf({ ground, cases }: WorkerAttack): Planned[] {
  const harmless = (step: Step): Planned => ({ one: undefined, step });
  const work = [
    harmless(bash("echo works > works.txt && cat works.txt", { workdir: ground.shared.workspace })),
    harmless(read(`${ground.shared.workspace}/plain.txt`)),
    ...(isAboutLimits(cases) ? [] : [harmless(js("console.log(6 * 7)", "echo 42"))]),
  ];
  const attacks = cases.flatMap((one) =>
    one.attack(ground.scene(one).targets).map((step): Planned => ({ one, step }))
  );
  if (cases[0]?.alone !== undefined) return attacks;
  return [...work, ...attacks, ...work, harmless(bash("sleep 1.8"))];
}

/** wire: ProvisionSpec. */
function specOf({ ground, cases, require }: WorkerAttack, plan: readonly Planned[]): unknown {
  const { fabric, storage, workspace } = ground.shared;
  const turns = plan.map(({ one, step }, index) => {
    const workdir = one && step.tool === "Bash"
      ? { workdir: ground.scene(one).targets.folder }
      : {};
    const args = { ...workdir, ...step.args };
    return { tool_calls: [{ id: `${index}`, name: step.tool, arguments: args }] };
  });
  const limits = { ...LIMITS, ...isAboutLimits(cases) ? { memory_bytes: MEMORY_BYTES } : {} };
  return {
    version: 1,
    identity: { child_id: CHILD_ID, role: "worker", depth: 0 },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: fabric,
    storage_dir: storage,
    workspace,
    model: { provider: "scripted", model: "script" },
    limits: { max_rounds: turns.length + 1 },
    capabilities: {
      script: { turns: [...turns, { text: "end" }] },
      // A summary of what was said before would take one of the turns.
      model_limits: { context_tokens: 1_000_000_000 },
      sandbox: { limits, ...require === undefined ? {} : { require } },
    },
    reusable: false,
  };
}

function isAboutLimits(cases: readonly AttackCase[]): boolean {
  return cases[0]?.layer === "limits";
}
