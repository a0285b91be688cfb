// Grep and Glob on 50,000 files: called in this process, called in a worker, and ripgrep; in turn,
// medians and ratios of one run.
//
//   deno run --allow-all bench/grep.ts            7 rounds
//   deno run --allow-all bench/grep.ts --cold     as root: the system's file cache is emptied before
//   deno run --allow-all bench/grep.ts --tree=DIR a tree that is there, or is made there and left
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { systemClock } from "../src/base/clock.ts";
import { globTool } from "../src/tools/glob.ts";
import { grepTool } from "../src/tools/grep.ts";
import { SessionFiles } from "../src/tools/session_files.ts";
import { Connection } from "./connection.ts";
import { Folder } from "./folder.ts";
import { machineLine } from "./machine.ts";
import { type Case, measureInTurn, median, readRuns, type Row } from "./measure.ts";
import { showProgress } from "./progress.ts";
import { aligned } from "./table.ts";
import { FILES, makeTree } from "./tree.ts";
import { BenchWorker } from "./worker.ts";

const BINARY = new URL("../dist/sheath", import.meta.url).pathname;

type Search = {
  readonly name: string;
  readonly tool: typeof grepTool;
  readonly args: Readonly<Record<string, unknown>>;
  /** The same by ripgrep. */
  readonly rg: readonly string[];
};

const MANY = { pattern: "throw new \\w+Error\\(", path: ".", head_limit: 2000 };
const SEARCHES: readonly Search[] = [
  grep("literal, 20 hits, files", { pattern: "needleHaystack" }, ["-l", "needleHaystack"]),
  grep("regex, 1429 hits, content", { ...MANY, output_mode: "content" }, ["-n", MANY.pattern]),
  grep("regex, 1429 hits, count", { ...MANY, output_mode: "count" }, ["-c", MANY.pattern]),
  grep("ignoring case, 20 hits, files", { pattern: "NEEDLEhaystack", "-i": true }, [
    ...["-l", "-i", "NEEDLEhaystack"],
  ]),
  grep(
    "no literal in it, count",
    { ...MANY, pattern: "[A-Z][a-z]+[0-9]+[A-Z]", output_mode: "count" },
    ["-c", "[A-Z][a-z]+[0-9]+[A-Z]"],
  ),
  {
    name: "Glob **/*99.ts",
    tool: globTool,
    args: { pattern: "**/*99.ts" },
    rg: ["--files", "-g", "**/*99.ts"],
  },
];

function grep(name: string, args: Search["args"], rg: readonly string[]): Search {
  return { name: `Grep: ${name}`, tool: grepTool, args, rg };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "7" },
      binary: { type: "string", default: BINARY },
      tree: { type: "string" },
      cold: { type: "boolean", default: false },
    },
  });
  const runs = readRuns(values.runs);
  using folder = new Folder();
  const tree = resolve(values.tree ?? `${folder.path}/tree`);
  showProgress(`making ${FILES} files`);
  if (!existsSync(tree)) makeTree(tree);
  const before = values.cold ? emptyCache : () => {};
  const hasRipgrep = await ripgrepVersion() !== undefined;
  const cases = [
    inProcess(tree, before),
    ...(values.cold ? [] : [inWorker(resolve(values.binary), tree)]),
    ...(hasRipgrep ? [byRipgrep(tree, before)] : []),
  ];
  const rows = await measureInTurn(cases, {
    runs,
    onRound: (round) => showProgress(`round ${round} of ${runs}`),
  });
  showProgress("");
  process.stdout.write(
    `${new Date().toISOString()}, ${machineLine()}\n` +
      `${FILES} files, ${values.cold ? "cold" : "warm"} cache, median of ${runs}; ` +
      `${await ripgrepVersion() ?? "ripgrep (rg) is not installed: no ratio"}\n\n` +
      `${comparison(rows)}\n`,
  );
}

function inProcess(tree: string, before: () => void): Case {
  const roots = { workspace: tree, read: [], write: [] };
  const world = {
    ...{
      roots,
      files: new SessionFiles(roots),
      shells: undefined,
      skills: undefined,
      sessionId: "bench",
    },
    ...{ clock: systemClock, emit: () => {} },
  };
  const { signal } = new AbortController();
  return timed("this process", async ({ tool, args }) => {
    before();
    const startedAt = systemClock.monotonic();
    const { success } = await tool.perform(args, world, signal);
    if (!success) throw new Error("it failed");
    return systemClock.monotonic() - startedAt;
  });
}

function byRipgrep(tree: string, before: () => void): Case {
  return timed("ripgrep", async ({ rg }) => {
    before();
    const startedAt = systemClock.monotonic();
    const args = ["--no-config", ...rg, "."];
    const { code } = await new Deno.Command("rg", { args, cwd: tree }).output();
    if (code !== 0) throw new Error(`rg ended with ${code}`);
    return systemClock.monotonic() - startedAt;
  });
}

/** One value for each search, in their order. */
function timed(side: string, time: (search: Search) => Promise<number>): Case {
  return {
    figures: figuresOf(side),
    async measure() {
      const values: number[] = [];
      for (const search of SEARCHES) values.push(await time(search));
      return values;
    },
  };
}

function inWorker(binary: string, tree: string): Case {
  return {
    figures: figuresOf("a worker"),
    async measure() {
      const warming = { name: "Grep", arguments: { pattern: "x", path: ".", glob: "none" } };
      const calls = SEARCHES.map(({ tool, args }) => ({ name: tool.name, arguments: args }));
      const turns = [warming, ...calls].map((call) => ({ tool_calls: [call] }));
      const runsOn = { type: "script", turns: [...turns, { text: "end" }] } as const;
      const fields = { workspace: tree };
      await using worker = new BenchWorker({ binary, runsOn, reusable: false, fields });
      await using connection = new Connection(await worker.endpoint());
      const times: number[] = [];
      let startedAt = NaN;
      await connection.run("Search", (frame) => {
        if (frame.includes('"type":"tool_start"')) startedAt = systemClock.monotonic();
        const isDone = frame.includes('"type":"tool_complete"');
        if (isDone) times.push(systemClock.monotonic() - startedAt);
      });
      if (times.length === turns.length) return times.slice(1);
      throw new Error(`${times.length} calls worked, expected ${turns.length}`);
    },
  };
}

function figuresOf(side: string): Case["figures"] {
  return SEARCHES.map(({ name }) => ({ name: `${name} | ${side}`, unit: "ms" }));
}

function comparison(rows: readonly Row[]): string {
  const timeOf = (search: Search, side: string) =>
    median(rows.find(({ name }) => name === `${search.name} | ${side}`)?.values ?? []);
  const shown = (value: number, unit: string) => Number.isNaN(value) ? "" : `${value}${unit}`;
  const ms = (value: number) => shown(Math.round(value), " ms");
  const lines = SEARCHES.map((search) => {
    const [theirs, ours, worker] = ["ripgrep", "this process", "a worker"]
      .map((side) => timeOf(search, side));
    const ratio = (value = NaN) => shown(Number((value / (theirs ?? NaN)).toFixed(1)), "");
    return [
      ...[search.name, ms(theirs ?? NaN), ms(ours ?? NaN), ratio(ours)],
      ...[ms(worker ?? NaN), ratio(worker)],
    ];
  });
  return aligned([["search", "rg", "in process", "ratio", "worker", "ratio"], ...lines]);
}

async function ripgrepVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command("rg", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).split("\n")[0];
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}

/** Slows down whatever else the machine does. */
function emptyCache(): void {
  writeFileSync("/proc/sys/vm/drop_caches", "3");
}

try {
  await main();
} catch (error) {
  showProgress("");
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
