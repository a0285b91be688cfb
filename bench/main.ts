// `deno task bench`: one table of all figures of dist/sheath, beside their goals.
//
//   deno task bench                     15 rounds
//   deno task bench --runs=30 --json    data instead of a table
//   deno task bench --only=memory       the figures whose name holds that word
//   deno task bench --binary=old/sheath figures of another build
//
// Memory is left out where nobody but root could see it.
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { commandCases } from "./command_cases.ts";
import { machineLine } from "./machine.ts";
import { type Case, measureInTurn, median, readRuns } from "./measure.ts";
import { MockModel, oneTurn } from "./mock_model.ts";
import { programCases } from "./program_cases.ts";
import { showProgress } from "./progress.ts";
import { table } from "./table.ts";
import { warmCases } from "./warm_cases.ts";
import { variantBuild } from "../tests/support/probe_build.ts";
import { workerCases } from "./worker_cases.ts";

const BINARY = new URL("../dist/sheath", import.meta.url).pathname;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "15" },
      only: { type: "string", default: "" },
      binary: { type: "string", default: BINARY },
      json: { type: "boolean", default: false },
    },
  });
  const runs = readRuns(values.runs);
  await using model = new MockModel(oneTurn);
  const binary = resolve(values.binary);
  const bare = await variantBuild("deno-only");
  const cases: readonly Case[] = [
    ...programCases(binary, model.baseUrl),
    ...workerCases({ binary, bare }, model.baseUrl),
    ...warmCases(binary, model.baseUrl),
    ...commandCases(binary),
  ].filter(({ figures }) => figures.some(({ name }) => name.includes(values.only)));
  const rows = await measureInTurn(cases, {
    runs,
    onRound: (round) => showProgress(`round ${round} of ${runs}`),
  });
  showProgress("");
  const head = { date: new Date().toISOString(), machine: machineLine(), runs };
  process.stdout.write(
    values.json
      ? JSON.stringify({
        ...head,
        rows: rows.map((row) => ({ ...row, median: median(row.values) })),
      })
      : `${head.date}, ${head.machine}\nmedian and best of ${runs}\n\n${table(rows)}`,
  );
  process.stdout.write("\n");
}

try {
  await main();
} catch (error) {
  showProgress("");
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
