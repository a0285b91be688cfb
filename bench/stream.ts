// `deno task bench:stream`: what the worker adds to a long, fast answer, by each protocol, beside
// the same stream read straight from the model; and the processor time it takes for that.
//
//   deno task bench:stream                      10 s of 1,000 tokens a second, 5 rounds
//   deno task bench:stream --runs=2 --seconds=4 --rate=500
//   deno task bench:stream --only=gemini --binary=old/sheath
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { cpuMsOf } from "./cpu_time.ts";
import { machineLine } from "./machine.ts";
import { type Case, type Figure, measureInTurn, quantile, readCount, readRuns } from "./measure.ts";
import { MockModel } from "./mock_model.ts";
import { showProgress } from "./progress.ts";
import { directDelays, type Pace, relayedDelays, timedTokens } from "./stream_delay.ts";
import { table } from "./table.ts";
import { BenchWorker } from "./worker.ts";

const BINARY = new URL("../dist/sheath", import.meta.url).pathname;

/** By the name of the protocol; `model` decides which of OpenAI's two is spoken. */
const PROTOCOLS = [
  { name: "chat", provider: "openai", model: "mock" },
  { name: "responses", provider: "openai", model: "gpt-5-codex" },
  { name: "anthropic", provider: "anthropic", model: "mock" },
  { name: "gemini", provider: "gemini", model: "mock" },
] as const;
type Protocol = typeof PROTOCOLS[number];

const PARTS = [
  { name: "median", part: 0.5 },
  { name: "95th percentile", part: 0.95 },
  { name: "99th percentile", part: 0.99 },
] as const;
/** What the median token may take longer. */
const GOAL_MS = 2;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "5" },
      seconds: { type: "string", default: "10" },
      rate: { type: "string", default: "1000" },
      only: { type: "string", default: "" },
      binary: { type: "string", default: BINARY },
    },
  });
  const runs = readRuns(values.runs);
  const perSecond = readCount("rate", values.rate);
  const pace = { tokens: readCount("seconds", values.seconds) * perSecond, perSecond };
  await using model = new MockModel(() => timedTokens(pace));
  const protocols = PROTOCOLS.filter(({ name }) => name.includes(values.only));
  const bench = { binary: resolve(values.binary), baseUrl: model.baseUrl, pace };
  const rows = await measureInTurn([streams(protocols, bench)], {
    runs,
    onRound: (round) => showProgress(`round ${round} of ${runs}`),
  });
  showProgress("");
  process.stdout.write(
    `${new Date().toISOString()}, ${machineLine()}\n` +
      `${pace.tokens} tokens, ${perSecond} a second, median and best of ${runs}\n\n` +
      `${table(rows)}\n`,
  );
}

type Bench = {
  readonly binary: string;
  readonly baseUrl: string;
  readonly pace: Pace;
};

/** All streams one after another, each less the plain one of its round. */
function streams(protocols: readonly Protocol[], bench: Bench): Case {
  return {
    figures: [
      ...PARTS.map(({ name }): Figure => ({ name: `plain fetch, chat: ${name}`, unit: "ms" })),
      ...protocols.flatMap(figuresOf),
    ],
    async measure() {
      const plain = await directDelays(bench.baseUrl, bench.pace);
      const values = PARTS.map(({ part }) => quantile(plain, part));
      for (const protocol of protocols) {
        const { delays, busyMs } = await relayed(protocol, bench);
        values.push(...PARTS.map(({ part }) => quantile(delays, part) - quantile(plain, part)));
        const { tokens, perSecond } = bench.pace;
        values.push(busyMs / (tokens / perSecond * 1000) * 100, busyMs / tokens * 1000);
      }
      return values;
    },
  };
}

function figuresOf({ name }: Protocol): readonly Figure[] {
  const added = PARTS.map((part): Figure => ({ name: `${name}: added, ${part.name}`, unit: "ms" }));
  const [middle, ...others] = added;
  return [
    ...(middle ? [{ ...middle, goal: { type: "at_most", value: GOAL_MS } as const }] : []),
    ...others,
    { name: `${name}: processor time of the worker, of one core`, unit: "%" },
    { name: `${name}: processor time of the worker, for 1000 tokens`, unit: "ms" },
  ];
}

/** Through a worker of its own, which has served nobody before. */
async function relayed({ provider, model }: Protocol, { binary, baseUrl, pace }: Bench) {
  const runsOn = { type: "model", baseUrl, provider, model } as const;
  await using worker = new BenchWorker({ binary, runsOn, reusable: true });
  const endpoint = await worker.endpoint();
  const before = await cpuMsOf(worker.pid);
  const delays = await relayedDelays(endpoint, pace);
  return { delays, busyMs: await cpuMsOf(worker.pid) - before };
}

try {
  await main();
} catch (error) {
  showProgress("");
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
