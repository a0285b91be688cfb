// A worker that has already served: how fast it answers, what it adds to a stream, what it holds.
import { systemClock } from "../src/base/clock.ts";
import { Connection } from "./connection.ts";
import { type Case, median, quantile } from "./measure.ts";
import { canSeeMemory, memoryOf } from "./memory.ts";
import { MockModel } from "./mock_model.ts";
import { directDelays, type Pace, relayedDelays, timedTokens } from "./stream_delay.ts";
import { BenchWorker } from "./worker.ts";
import { oneRun } from "./worker_cases.ts";

const ROUND_TRIPS = 10;
const SIBLINGS = 4;
const WORDS = 200_000;
const PACE: Pace = { tokens: 200, perSecond: 500 };

export function warmCases(binary: string, baseUrl: string): readonly Case[] {
  const warmWorker = (url = baseUrl) =>
    new BenchWorker({ binary, runsOn: { type: "model", baseUrl: url }, reusable: true });
  return [
    roundTrip(warmWorker),
    streaming(warmWorker),
    frames(binary),
    ...(canSeeMemory() ? [memory(warmWorker)] : []),
  ];
}

type StartWorker = (baseUrl?: string) => BenchWorker;

function roundTrip(start: StartWorker): Case {
  return {
    figures: [{
      name: `warm worker: connect, one turn, close (median of ${ROUND_TRIPS})`,
      unit: "ms",
      goal: { type: "at_most", value: 30 },
    }],
    async measure() {
      await using worker = start();
      const endpoint = await worker.endpoint();
      await oneRun(endpoint);
      const times: number[] = [];
      for (let trip = 0; trip < ROUND_TRIPS; trip++) {
        const startedAt = systemClock.monotonic();
        await oneRun(endpoint);
        times.push(systemClock.monotonic() - startedAt);
      }
      return [median(times)];
    },
  };
}

function streaming(start: StartWorker): Case {
  return {
    figures: [
      { name: "streaming: added to a token", unit: "ms", goal: { type: "at_most", value: 2 } },
      { name: "streaming: added to a token, 95th percentile", unit: "ms" },
    ],
    async measure() {
      await using model = new MockModel(() => timedTokens(PACE));
      await using worker = start(model.baseUrl);
      const endpoint = await worker.endpoint();
      await relayedDelays(endpoint, PACE);
      const direct = await directDelays(model.baseUrl, PACE);
      const relayed = await relayedDelays(endpoint, PACE);
      const added = (part: number) => quantile(relayed, part) - quantile(direct, part);
      return [added(0.5), added(0.95)];
    },
  };
}

function memory(start: StartWorker): Case {
  return {
    figures: [
      { name: "memory: resident, before any run", unit: "MB" },
      {
        name: "memory: resident, after one run",
        unit: "MB",
        goal: { type: "at_most", value: 130 },
      },
      { name: "memory: proportional, alone, after one run", unit: "MB" },
      {
        name: `memory: proportional, each of ${SIBLINGS} warm siblings`,
        unit: "MB",
        goal: { type: "at_most", value: 60 },
      },
    ],
    async measure() {
      await using stack = new AsyncDisposableStack();
      const worker = stack.use(start());
      const endpoint = await worker.endpoint();
      const idle = await memoryOf(worker.pid);
      await oneRun(endpoint);
      const served = await memoryOf(worker.pid);
      for (let sibling = 1; sibling < SIBLINGS; sibling++) {
        await oneRun(await stack.use(start()).endpoint());
      }
      const shared = await memoryOf(worker.pid);
      return [idle.resident, served.resident, served.proportional, shared.proportional];
    },
  };
}

function frames(binary: string): Case {
  return {
    figures: [{
      name: `frames: echo of ${WORDS} words`,
      unit: "frames/s",
      goal: { type: "at_least", value: 40_000 },
    }],
    async measure() {
      await using worker = new BenchWorker({ binary, runsOn: { type: "echo" }, reusable: false });
      await using connection = new Connection(await worker.endpoint());
      let count = 0;
      const startedAt = systemClock.monotonic();
      await connection.run("word ".repeat(WORDS), () => count++);
      const seconds = (systemClock.monotonic() - startedAt) / 1000;
      if (count < WORDS) throw new Error(`${count} frames came, expected ${WORDS}`);
      return [count / seconds];
    },
  };
}
