// The three threads as one: each is tested before it gets its part of the spec.
import { deadline, every, systemClock } from "../base/clock.ts";
import type { Egress } from "../core/egress.ts";
import { toWorkerError, WorkerError } from "../core/errors.ts";
import type { Executor } from "../executors/executor.ts";
import { type AgentDoor, RunTable, RuntimeExecutor } from "../executors/runtime.ts";
import { WallBudget } from "../executors/wall_budget.ts";
import type { LiveRoute } from "../gateway/live_route.ts";
import type { Grants } from "../grants/grants.ts";
import type { Kernel } from "../sandbox/kernel.ts";
import { newCallLimit } from "./call_budget.ts";
import { CommandWatch } from "./command_watch.ts";
import { Port } from "./port.ts";
import { agentControl, type AgentPart, wardenForAgent } from "./agent_port.ts";
import { gatewayControl, wardenForGateway } from "./gateway_port.ts";
import { type CommandsPart, handsControl, wardenForHands } from "./hands_port.ts";
import type { Threads } from "./thread.ts";

/** A thread that does not load in this time never will. */
const READY_MS = 20_000;
const PING_EVERY_MS = 5_000;
const PING_ANSWER_MS = 30_000;
/** How long the end of all commands and requests may hold up the end of the worker. */
const SETTLE_MS = 4_000;

/** For calls whose other end is the end of the process. A run is ended by a message of its own. */
const NEVER = new AbortController().signal;

export type CageOptions = {
  readonly threads: Threads;
  readonly grants: Grants;
  readonly routes: readonly LiveRoute[];
  readonly agent: Omit<AgentPart, "gateway" | "hands">;
  /** Undefined: no programs are started. */
  readonly commands: CommandsPart | undefined;
  /** Undefined where commands cannot be counted. */
  readonly kernel: Kernel | undefined;
  /** Told of every request of the gateway when it is over. */
  readonly onEgress: (egress: Egress) => void;
};

/**
 * Disposing it waits until commands have ended, if hands still answers; the threads end with the
 * process.
 */
export interface Cage extends AsyncDisposable {
  readonly executor: Executor;
  /** Resolves with the reason when a thread has failed or no longer answers. */
  readonly died: Promise<WorkerError>;
  /** Names of what was tried and refused, by thread. */
  readonly selfTests: readonly string[];
}

/** @throws WorkerError when a thread fails its self-test or does not load. */
export async function startCage(options: CageOptions): Promise<Cage> {
  const { threads } = options;
  const failure = Promise.withResolvers<WorkerError>();
  const onViolation = (error: Error) => failure.resolve(toWorkerError(error));
  for (const { died } of Object.values(threads)) died.then(failure.resolve);
  const runs = new RunTable();
  const agent = new Port(threads.agent.control, {
    local: wardenForAgent,
    remote: agentControl,
    onViolation,
    handlers: {
      calls: {
        approve: ({ runId, ...request }, { signal }) => runs.approve(runId, request, signal),
      },
      notices: { event: ({ runId, event }) => runs.emit(runId, event) },
    },
  });
  const watch = watchCommands(options, (why) => {
    hands.notify("limit", { why }).catch(onViolation);
  }, failure.resolve);
  const hands = new Port(threads.hands.control, {
    local: wardenForHands,
    remote: handsControl,
    onViolation,
    handlers: { calls: {}, notices: { keeper: () => watch?.begin() } },
  });
  const gateway = new Port(threads.gateway.control, {
    local: wardenForGateway,
    remote: gatewayControl,
    onViolation,
    handlers: { calls: {}, notices: { egress: options.onEgress } },
  });
  const controls = { agent, hands, gateway };

  const failed = failure.promise.then((reason): never => {
    throw reason;
  });
  failed.catch(() => {}); // told by `died` once the cage stands
  const selfTests = await Promise.race([failed, allReady(controls)]);
  handOut(controls, options).catch(onViolation);
  const pulse = every(PING_EVERY_MS, () => void pingAll(controls).catch(onViolation));
  return {
    executor: inTime(new RuntimeExecutor(agentDoor(agent), { runs, clock: systemClock }), options),
    died: failure.promise,
    selfTests,
    async [Symbol.asyncDispose]() {
      pulse[Symbol.dispose]();
      watch?.[Symbol.dispose]();
      await Promise.race([settle(controls, options), failure.promise]);
    },
  };
}

function inTime(executor: Executor, { grants: { budget } }: CageOptions): Executor {
  const { wallMs } = budget;
  if (wallMs === undefined) return executor;
  return new WallBudget(executor, { limitMs: wallMs, clock: systemClock });
}

/**
 * Hands puts back what commands left changed: nobody else can when this process is gone. The gateway
 * tells what is still under way.
 */
async function settle({ hands, gateway }: Controls, { commands }: CageOptions): Promise<void> {
  using limit = deadline(SETTLE_MS, () => new WorkerError("internal", "Commands did not end"));
  const { signal } = limit;
  await Promise.allSettled([
    commands && hands.call("settle", null, { signal }),
    gateway.call("settle", null, { signal }),
  ]);
}

function watchCommands(
  { commands, kernel, grants }: CageOptions,
  onExceeded: (why: string) => void,
  onFailed: (reason: WorkerError) => void,
): CommandWatch | undefined {
  if (!commands || !kernel) return undefined;
  const { storageDir } = grants.places;
  return new CommandWatch({
    kernel,
    keepers: commands.keepers,
    limits: commands.limits,
    folders: [`${storageDir}/home`, `${storageDir}/tmp`],
    onExceeded,
    onHopeless: (why) => onFailed(new WorkerError("internal", `Commands do not end: ${why}`)),
  });
}

type Controls = {
  readonly agent: Port<typeof wardenForAgent, typeof agentControl>;
  readonly hands: Port<typeof wardenForHands, typeof handsControl>;
  readonly gateway: Port<typeof wardenForGateway, typeof gatewayControl>;
};

/** Resolves when all three have loaded and passed their self-tests, with the names of those. */
async function allReady({ agent, hands, gateway }: Controls): Promise<string[]> {
  using limit = deadline(READY_MS, () => new WorkerError("internal", "Compartments did not start"));
  const { signal } = limit;
  const ready = await Promise.all([
    agent.call("ready", null, { signal }),
    hands.call("ready", null, { signal }),
    gateway.call("ready", null, { signal }),
  ]);
  const names = ["agent", "hands", "gateway"] as const;
  return names.flatMap((name, at) => ready[at]?.refused.map((test) => `${name}: ${test}`) ?? []);
}

/** Gives each its part of the spec. What is asked later is answered after it has taken it. */
async function handOut({ agent, hands, gateway }: Controls, options: CageOptions): Promise<void> {
  const toGateway = new MessageChannel();
  const toHands = new MessageChannel();
  const { places: { workspace, read, write, skills }, budget, prices } = options.grants;
  const { totalTokens, costUsd } = budget;
  const toolCalls = newCallLimit(budget.toolCalls);
  const isMetered = totalTokens !== undefined || costUsd !== undefined;
  const keeper = options.commands?.keeper;
  await Promise.all([
    gateway.call("start", {
      routes: [...options.routes],
      web: options.grants.web,
      agent: toGateway.port2,
      budget: isMetered ? { limits: { totalTokens, costUsd }, prices } : undefined,
      toolCalls,
    }, {
      signal: NEVER,
      transfer: [toGateway.port2],
    }),
    hands.call("start", {
      roots: { workspace, read: [...read, ...skills], write },
      agent: toHands.port2,
      commands: options.commands,
      skills: { ...options.grants.skills, folders: skills },
      toolCalls,
    }, {
      signal: NEVER,
      transfer: [toHands.port2, ...(keeper ? [keeper.input, keeper.output] : [])],
    }),
    agent.call("start", { ...options.agent, gateway: toGateway.port1, hands: toHands.port1 }, {
      signal: NEVER,
      transfer: [toGateway.port1, toHands.port1],
    }),
  ]);
}

/** A thread that no longer answers is as good as dead. */
async function pingAll({ agent, hands, gateway }: Controls): Promise<void> {
  const silence = () => new WorkerError("internal", "A compartment no longer answers");
  using limit = deadline(PING_ANSWER_MS, silence);
  const { signal } = limit;
  await Promise.all([
    agent.call("ping", null, { signal }),
    hands.call("ping", null, { signal }),
    gateway.call("ping", null, { signal }),
  ]);
}

function agentDoor(agent: Controls["agent"]): AgentDoor {
  return {
    run: (runId, { assignment, messages, reasoningEffort, isAnswer = false }) => {
      const request = { runId, assignment, isAnswer, messages: [...messages], reasoningEffort };
      return agent.call("run", request, { signal: NEVER });
    },
    steer: (runId, text) => void agent.notify("steer", { runId, text }).catch(() => {}),
    cancel: (runId) => void agent.notify("cancel", { runId }).catch(() => {}),
    drop: () => void agent.notify("drop", null).catch(() => {}),
  };
}
