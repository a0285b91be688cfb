// Grep: searches the text of files.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import type { ToolResult } from "../core/tool_result.ts";
import { withFileErrors } from "./file_error.ts";
import { FILE_TYPES } from "./file_types.ts";
import { expectPath } from "./found_path.ts";
import { grepFilter } from "./grep_filter.ts";
import { BoundedLines, contentLines, type FileHits } from "./grep_report.ts";
import { GrepSource } from "./grep_source.ts";
import { badInput, readInput, someText, wholeNumber } from "./input.ts";
import { LineSearch } from "./line_search.ts";
import { Pace } from "./pace.ts";
import { pathField } from "./path_text.ts";
import type { HandsTool } from "./tool.ts";

const DEFAULT_LIMIT = 200;
const MAX_ENTRIES = 2000;
const MAX_CONTEXT = 100;
const MAX_MS = 60_000;

const input = z.object({
  pattern: someText(
    "A regular expression in RE2 syntax (no look-around, no back references). Escape \
( ) [ ] { } . * + ? ^ $ | \\ to search for the character itself.",
  ),
  path: z.optional(pathField("The file or folder to search. Default: the current folder.")),
  glob: z.optional(
    someText(
      "Search only files that match, such as *.ts (at any depth), src/**/*.{js,ts} or !*.test.ts.",
    ),
  ),
  type: z.optional(
    z.string().check(z.describe(
      `Search only files of a type: ${FILE_TYPES.join(", ")}.`,
    )),
  ),
  output_mode: z.optional(
    z.enum(["content", "files_with_matches", "count"]).check(z.describe(
      "content: the matching lines (needs path, glob or type); files_with_matches: only the paths \
(default); count: the number of matching lines of each file.",
    )),
  ),
  "-A": context("after"),
  "-B": context("before"),
  "-C": context("before and after"),
  "-n": flag("Show line numbers (content mode). Default true."),
  "-i": flag("Ignore case."),
  head_limit: z.optional(wholeNumber(
    `How many matching lines or files to show at most. Default ${DEFAULT_LIMIT}.`,
    { least: 1 },
  )),
  multiline: flag("Let a match span lines, and . match line ends too (needs path). Default false."),
});

function context(which: string): z.ZodMiniOptional<z.ZodMiniNumber> {
  const description = `Lines to show ${which} each match (content mode).`;
  return z.optional(wholeNumber(description, { least: 0, most: MAX_CONTEXT }));
}

function flag(description: string): z.ZodMiniOptional<z.ZodMiniBoolean> {
  return z.optional(z.boolean().check(z.describe(description)));
}

type Request = z.output<typeof input>;

export const grepTool: HandsTool = {
  name: "Grep",
  runs: "hands",
  description:
    `Searches the text of files with a regular expression. Use it to find where something is \
named or used; to find files by name use Glob. Results are path:line:text, paths, or path:count. \
Searches files up to 2 MiB, at most 50000 of them, for a minute at most. Skips binary files and \
links; what .gitignore files and .git/info/exclude name; .git, node_modules, target, dist, build, \
.next, .cache and coverage: to search a skipped file or folder give it as path. More than ${MAX_ENTRIES} results fail: refine then.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    const request = readRequest(raw);
    grepFilter(request);
    return { mutating: false, needs: [] };
  },
  async perform(raw, world, signal) {
    const request = readRequest(raw);
    signal.throwIfAborted();
    const start = await expectPath(world.files.resolve(request.path ?? "."), world.roots);
    const act = { access: "read", path: start.named, roots: world.roots } as const;
    return await withFileErrors(act, async () => {
      const pace = new Pace({ clock: world.clock, signal, maxMs: MAX_MS });
      const lineSearch = await lineSearchFor(request, pace);
      const accepts = grepFilter(request);
      const mayFind = (text: string) => lineSearch.mayFind(text);
      const source = new GrepSource(start, { roots: world.roots, pace, signal, accepts, mayFind });
      return await search(request, source, { lineSearch, pace });
    });
  },
};

function readRequest(raw: Readonly<Record<string, unknown>>): Request {
  const request = readInput(input, raw);
  const { path, glob, type, output_mode, multiline } = request;
  if (output_mode === "content" && path === undefined && glob === undefined && type === undefined) {
    throw badInput("output_mode", "content needs path, glob or type");
  }
  if (multiline && path === undefined) throw badInput("multiline", "needs path");
  return request;
}

/** Loads the engine at the first search: a thread's start does not wait for it. */
async function lineSearchFor(request: Request, pace: Pace): Promise<LineSearch> {
  const { LinearPattern } = await import("./linear_pattern.ts");
  const { pattern, "-i": ignoreCase = false, multiline: isMultiline = false } = request;
  return new LineSearch(new LinearPattern(pattern, { ignoreCase, isMultiline }), {
    isMultiline,
    pace,
  });
}

async function search(
  request: Request,
  source: GrepSource,
  { lineSearch, pace }: { readonly lineSearch: LineSearch; readonly pace: Pace },
): Promise<ToolResult> {
  const limit = request.head_limit ?? DEFAULT_LIMIT;
  const report = new BoundedLines();
  let total = 0;
  let tooLong = 0;
  for await (const { path, text, isGenuine } of source.texts()) {
    const found = await lineSearch.search(text, linesWanted(request, total));
    if (pace.isOver) break;
    if (found.matched.length + found.tooLong === 0 || !isGenuine()) continue;
    tooLong += found.tooLong;
    if (found.matched.length === 0) continue;
    const entries = entriesOf(request, { path, ...found });
    for (const line of entries.show(limit - total)) report.add(line);
    total += entries.count;
    if (total > MAX_ENTRIES) throw tooMany();
  }
  const notes = notesOn(source, { total, limit, tooLong, isOver: pace.isOver });
  return { success: true, result: report.text(notes), display_preference: "Collapsible" };
}

/** How many lines of one file are worth finding. */
function linesWanted({ output_mode }: Request, total: number): number {
  if (output_mode === "count") return Infinity;
  return output_mode === "content" ? MAX_ENTRIES + 1 - total : 1;
}

type Entries = {
  /** What counts against the limits: matching lines, or files. */
  readonly count: number;
  /** The lines of the result for the first `most` of them. */
  readonly show: (most: number) => readonly string[];
};

function entriesOf(request: Request, hits: FileHits): Entries {
  const { output_mode = "files_with_matches", "-A": after, "-B": before, "-C": both = 0 } = request;
  const { path, matched } = hits;
  switch (output_mode) {
    case "files_with_matches":
      return { count: 1, show: (most) => (most > 0 ? [path] : []) };
    case "count":
      return { count: 1, show: (most) => (most > 0 ? [`${path}:${matched.length}`] : []) };
    case "content": {
      const style = {
        before: before ?? both,
        after: after ?? both,
        hasNumbers: request["-n"] ?? true,
      };
      const show = (most: number) =>
        contentLines({ ...hits, matched: matched.slice(0, Math.max(most, 0)) }, style);
      return { count: matched.length, show };
    }
  }
}

function notesOn(
  source: GrepSource,
  counts: Readonly<Record<"total" | "limit" | "tooLong", number>> & { readonly isOver: boolean },
): string[] {
  const { total, limit, tooLong, isOver } = counts;
  const notes = total === 0 ? ["No matches found"] : [];
  if (total > limit) {
    notes.push(`[TRUNCATED] Showing ${limit} of ${total} results; raise head_limit`);
  }
  if (source.isPartial) {
    notes.push("[PARTIAL] Only a part of the folder was looked at; search a smaller one");
  }
  if (source.oversized > 0) {
    notes.push(`[PARTIAL] Not searched: ${source.oversized} files over 2 MiB`);
  }
  if (tooLong > 0) {
    notes.push(`[PARTIAL] Not searched: ${tooLong} lines or files too long for this pattern`);
  }
  if (isOver) notes.push("[PARTIAL] Stopped after a minute; search a smaller folder");
  return notes;
}

function tooMany(): WorkerError {
  return new WorkerError("refused", "Result too large; refine query and retry.");
}
