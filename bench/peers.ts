// `deno task bench:peers`: one and the same one-turn task by sheath and by the Codex CLI, in turn,
// against one mock model; medians and ratios of one run.
//
//   deno task bench:peers                          15 rounds
//   deno task bench:peers --runs=30 --codex=latest
import process from "node:process";
import { parseArgs } from "node:util";
import { type Codex, CODEX_VERSION, installCodex, timeCodex } from "./codex.ts";
import { Folder } from "./folder.ts";
import { machineLine } from "./machine.ts";
import { type Case, measureInTurn, median, readRuns, type Row } from "./measure.ts";
import { MockModel, ONE_TURN_TEXT, oneTurn } from "./mock_model.ts";
import { timeProgram } from "./program.ts";
import { showProgress } from "./progress.ts";
import { aligned } from "./table.ts";

const BINARY = new URL("../dist/sheath", import.meta.url).pathname;
/** Ours over theirs. */
const GOAL = 0.5;
const BAR_CELLS = 24;
const OURS = "sheath run";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "15" },
      codex: { type: "string", default: CODEX_VERSION },
    },
  });
  const runs = readRuns(values.runs);
  await using model = new MockModel(oneTurn);
  using prefix = new Folder();
  showProgress("installing Codex");
  const codex = await installCodex(prefix, values.codex);
  // Not in the temporary folder, where Codex leaves out a part of its start.
  const parent = makeCacheFolder();
  using usedHome = new Folder(parent);
  const cases = contenders(codex, { baseUrl: model.baseUrl, usedHome, parent });
  const rows = await measureInTurn(cases, {
    runs,
    onRound: (round) => showProgress(`round ${round} of ${runs}`),
  });
  showProgress("");
  const expected = rows.length * (runs + 1);
  if (model.answers !== expected) {
    throw new Error(`the model was asked ${model.answers} times, expected ${expected}`);
  }
  process.stdout.write(
    `${new Date().toISOString()}, ${machineLine()}\n` +
      `@openai/codex ${values.codex}, one turn, start to exit, median and best of ${runs}\n\n` +
      `${comparison(rows)}\n`,
  );
}

type Where = {
  readonly baseUrl: string;
  /** One home for all rounds. */
  readonly usedHome: Folder;
  /** Where a home for one round is made. */
  readonly parent: string;
};

function contenders(codex: Codex, { baseUrl, usedHome, parent }: Where): readonly Case[] {
  const ours = ["run", "--model", "openai:mock", "--base-url", baseUrl, "--quiet", "Answer"];
  const programs: Readonly<Record<string, (folder: Folder) => Promise<number>>> = {
    [OURS]: (folder) => timeProgram({ command: [BINARY, ...ours], folder, expects: ONE_TURN_TEXT }),
    "codex exec": (folder) => timeCodex(codex.launcher, { folder, baseUrl }),
    "codex exec, without its launcher": (folder) =>
      timeCodex(codex.executable, { folder, baseUrl }),
  };
  const timed = (name: string, time: () => Promise<number>): Case => {
    return { figures: [{ name, unit: "ms" }], measure: async () => [await time()] };
  };
  const inUsedHome = Object.entries(programs).map(([name, time]) =>
    timed(`${name}, used home`, () => time(usedHome))
  );
  const inFreshHome = Object.entries(programs).map(([name, time]) =>
    timed(`${name}, fresh home`, async () => {
      using home = new Folder(parent);
      return await time(home);
    })
  );
  return [...inUsedHome, ...inFreshHome];
}

/** Each peer beside our row above it, and a bar as long as its median. */
function comparison(rows: readonly Row[]): string {
  let ours = NaN;
  const longest = Math.max(...rows.map(({ values }) => median(values)));
  const lines = rows.map(({ name, values }) => {
    const middle = median(values);
    const bar = "█".repeat(Math.round(middle / longest * BAR_CELLS)).padEnd(BAR_CELLS);
    const best = Math.min(...values);
    const shown = [name, bar, `${middle.toFixed(0)} ms`, `${best.toFixed(0)} ms`];
    if (name.startsWith(OURS)) {
      ours = middle;
      return shown;
    }
    const ratio = ours / middle;
    return [...shown, ratio.toFixed(2), `≤ ${GOAL}`, ratio <= GOAL ? "yes" : "NO"];
  });
  return aligned([["", "", "median", "best", "sheath/codex", "goal", "reached"], ...lines]);
}

function makeCacheFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  Deno.mkdirSync(`${cache}/sheath`, { recursive: true });
  return `${cache}/sheath`;
}

try {
  await main();
} catch (error) {
  showProgress("");
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
