// A worker alone, driven over its WebSocket by a host that started it for one run.
import { systemClock } from "../src/base/clock.ts";
import { Connection } from "./connection.ts";
import type { Case, Goal } from "./measure.ts";
import { BenchWorker, type WorkerOptions } from "./worker.ts";

/** 0.4 of what `bamboo subagent-worker` needs for the same, 484 ms on the machine the goals are from. */
const RUN_GOAL_MS = 194;
const RECORD_GOAL_MS = 100;

export type Binaries = {
  readonly binary: string;
  /** The same without the kernel layers. */
  readonly bare: string;
};

export function workerCases({ binary, bare }: Binaries, baseUrl: string): readonly Case[] {
  const echo: WorkerOptions = { binary, runsOn: { type: "echo" }, reusable: false };
  const runtime: WorkerOptions = { ...echo, runsOn: { type: "model", baseUrl } };
  return [
    record("worker, echo: spawn to record", echo),
    record("worker, runtime: spawn to record", runtime),
    record("worker, runtime, no kernel layers: spawn to record", { ...runtime, binary: bare }),
    wholeRun("worker, echo: spawn to exit, one run", echo),
    wholeRun("worker, runtime: spawn to exit, one turn", runtime, {
      type: "at_most",
      value: RUN_GOAL_MS,
    }),
  ];
}

function record(name: string, options: WorkerOptions): Case {
  return {
    figures: [{ name, unit: "ms", goal: { type: "at_most", value: RECORD_GOAL_MS } }],
    async measure() {
      const startedAt = systemClock.monotonic();
      await using worker = new BenchWorker(options);
      await worker.endpoint();
      return [systemClock.monotonic() - startedAt];
    },
  };
}

function wholeRun(name: string, options: WorkerOptions, goal?: Goal): Case {
  return {
    figures: [{ name, unit: "ms", ...(goal && { goal }) }],
    async measure() {
      const startedAt = systemClock.monotonic();
      await using worker = new BenchWorker(options);
      await oneRun(await worker.endpoint());
      await worker.exited();
      return [systemClock.monotonic() - startedAt];
    },
  };
}

/** Connects, runs, closes: what a host does that takes a worker out of its pool. */
export async function oneRun(endpoint: string): Promise<void> {
  await using connection = new Connection(endpoint);
  await connection.run("Answer in one sentence", () => {});
}
