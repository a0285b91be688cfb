// BashOutput: reads what a command in the background has written.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import type { BackgroundCommand } from "./background_command.ts";
import { badInput, readInput, someText, wholeNumber } from "./input.ts";
import { LineSearch } from "./line_search.ts";
import type { LinearPattern } from "./linear_pattern.ts";
import { Pace } from "./pace.ts";
import { shellsOf } from "./session_shells.ts";
import type { HandsTool } from "./tool.ts";
import type { World } from "./world.ts";

/** Of one reading, so that it reaches the model whole. */
const MAX_CHARACTERS = 128 * 1024;
const MAX_FILTER_MS = 10_000;

const input = z.object({
  bash_id: someText("The id that Bash gave for the command."),
  filter: z.optional(someText(
    "A regular expression in RE2 syntax: only lines that match are returned. Lines that do not \
are passed over: next_cursor stands behind them.",
  )),
  cursor: z.optional(wholeNumber(
    "The number of the line to read from: next_cursor of the last reading. Default 0, the start.",
    { least: 0 },
  )),
});

export const bashOutputTool: HandsTool = {
  name: "BashOutput",
  runs: "hands",
  description:
    `Reads the output of a command that Bash started in the background, both streams mixed as they \
came, while it runs and for 300 seconds after its end. A line counts once it is complete; the last \
20000 are kept. Returns JSON: bash_id, status (running or completed), exit_code (null while it \
runs), next_cursor (pass it to read on), dropped_lines (asked for, but no longer kept), output (at \
most 128 KiB; read on for more).`,
  input,
  arguments: "repaired",
  prepare(raw) {
    const { bash_id: id } = readInput(input, raw);
    return { mutating: false, needs: [{ type: "terminal_session", id }] };
  },
  async perform(raw, world, signal) {
    const { bash_id: id, filter, cursor = 0 } = readInput(input, raw);
    signal.throwIfAborted();
    const command = shellsOf(world).backgroundCommand(id);
    const { state } = command;
    const { lines, next, dropped } = linesFrom(command, cursor);
    const kept = filter === undefined ? lines : await matching(lines, { filter, world, signal });
    const result = {
      bash_id: id,
      status: state.type === "running" ? "running" : "completed",
      exit_code: state.type === "running" ? null : state.exitCode,
      next_cursor: next,
      dropped_lines: dropped,
      output: kept.map((line) => `${line}\n`).join(""),
    };
    return { success: true, result: JSON.stringify(result), display_preference: "Collapsible" };
  },
};

type Reading = {
  readonly lines: readonly string[];
  /** The number of the line behind them. */
  readonly next: number;
  readonly dropped: number;
};

function linesFrom({ lines }: BackgroundCommand, cursor: number): Reading {
  const start = Math.min(Math.max(cursor, lines.first), lines.end);
  const taken: string[] = [];
  let characters = 0;
  for (const line of lines.since(start)) {
    characters += line.length + 1;
    if (characters > MAX_CHARACTERS) break;
    taken.push(line);
  }
  return { lines: taken, next: start + taken.length, dropped: Math.max(lines.first - cursor, 0) };
}

async function matching(
  lines: readonly string[],
  { filter, world, signal }: {
    readonly filter: string;
    readonly world: World;
    readonly signal: AbortSignal;
  },
): Promise<string[]> {
  const pace = new Pace({ clock: world.clock, signal, maxMs: MAX_FILTER_MS });
  const search = new LineSearch(await patternOf(filter), { isMultiline: false, pace });
  const { matched } = await search.search(lines.map((line) => `${line}\n`).join(""), Infinity);
  if (pace.isOver) throw badInput("filter", "takes too long; use a simpler one");
  return matched.flatMap((index) => lines[index] ?? []);
}

/** Loads the engine at the first filter: a thread's start does not wait for it. */
async function patternOf(filter: string): Promise<LinearPattern> {
  const { LinearPattern } = await import("./linear_pattern.ts");
  try {
    return new LinearPattern(filter, { ignoreCase: false, isMultiline: false });
  } catch (thrown) {
    if (thrown instanceof WorkerError) throw badInput("filter", thrown.message);
    throw thrown;
  }
}
