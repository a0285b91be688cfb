// `deno task bench:long`: tasks that outgrow their model's context many times, and how the worker's
// memory goes meanwhile.
//
//   deno task bench:long                            60 and 300 rounds, each 5 times
//   deno task bench:long --rounds=3000 --runs=1     one task
//   deno task bench:long --context=100000 --binary=old/sheath
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { machineLine } from "./machine.ts";
import { type Case, measureInTurn, readCount, readRuns } from "./measure.ts";
import { showProgress } from "./progress.ts";
import { runReadingTask, type Task, type TaskReport } from "./reading_task.ts";
import { growth, plot, tenthsTable } from "./series.ts";
import { table } from "./table.ts";

const BINARY = new URL("../dist/sheath", import.meta.url).pathname;
const PLOT = { width: 72, height: 6 } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "5" },
      rounds: { type: "string", default: "60,300" },
      context: { type: "string", default: "24000" },
      binary: { type: "string", default: BINARY },
    },
  });
  const runs = readRuns(values.runs);
  const context = readCount("context", values.context);
  const tasks = values.rounds.split(",").map((rounds): Task => ({
    binary: resolve(values.binary),
    rounds: readCount("rounds", rounds),
    context,
  }));
  const reports = new Map<Task, TaskReport>();
  const cases = tasks.map((task) => longTask(task, (report) => reports.set(task, report)));
  const rows = await measureInTurn(cases, {
    runs,
    onRound: (round) => showProgress(`round ${round} of ${runs}`),
  });
  showProgress("");
  process.stdout.write(
    `${new Date().toISOString()}, ${machineLine()}\n` +
      `a file of 5 KB read a round, a context of ${context} tokens, median and best of ${runs}\n\n` +
      `${table(rows)}\n${[...reports].map(picture).join("")}`,
  );
}

function longTask(task: Task, onReport: (report: TaskReport) => void): Case {
  const name = `${task.rounds} rounds`;
  return {
    figures: [
      { name: `${name}: speed`, unit: "rounds/s" },
      { name: `${name}: summaries`, unit: "summaries" },
      { name: `${name}: longest prompt`, unit: "tokens" },
      { name: `${name}: resident, first round`, unit: "MB" },
      { name: `${name}: resident, last round`, unit: "MB" },
      { name: `${name}: resident, most at any time`, unit: "MB" },
    ],
    async measure() {
      const report = await runReadingTask(task);
      onReport(report);
      const { roundsPerSecond, summaries, mostTokens, resident, peak } = report;
      const [first = NaN, last = NaN] = [resident.at(0), resident.at(-1)];
      return [roundsPerSecond, summaries, mostTokens, first, last, peak];
    },
  };
}

/** The last run of a task. */
function picture([{ rounds }, { resident }]: readonly [Task, TaskReport]): string {
  const secondHalf = resident.slice(Math.floor(resident.length / 2));
  const slope = (growth(secondHalf) * 100).toFixed(2);
  return `\n${rounds} rounds, the last run: resident MB when the model is asked; ` +
    `in the second half ${slope} MB for 100 rounds\n\n` +
    `${plot(resident, PLOT)}\n\n${tenthsTable(resident)}\n`;
}

try {
  await main();
} catch (error) {
  showProgress("");
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
