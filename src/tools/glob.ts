// Glob: finds files by their names.
import { lstatSync } from "node:fs";
import { isAbsolute } from "node:path";
import * as z from "zod";
import { pathOfEntry, withSlashes } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import { withFileErrors } from "./file_error.ts";
import { FileWalk } from "./file_walk.ts";
import { expectFolder } from "./found_path.ts";
import { GlobPattern } from "./glob_pattern.ts";
import { readInput, someText, wholeNumber } from "./input.ts";
import { Pace } from "./pace.ts";
import { pathField } from "./path_text.ts";
import { isSameFile } from "./same_file.ts";
import type { HandsTool } from "./tool.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;
const MAX_MS = 60_000;
const WILD = /[*?[\]{}\\]/;

const input = z.object({
  pattern: someText(
    "Matched against whole paths below the folder: * and ? inside a name, ** for any number of \
folders, [a-z], {a,b}. *.ts finds files of the folder itself, **/*.ts at any depth.",
  ),
  path: z.optional(pathField("The folder to search. Default: the current folder.")),
  limit: z.optional(wholeNumber(
    `How many files to list at most, up to ${MAX_LIMIT}. Default ${DEFAULT_LIMIT}.`,
    { least: 1 },
  )),
});

export const globTool: HandsTool = {
  name: "Glob",
  runs: "hands",
  description:
    `Finds files by name and lists their absolute paths, the newest first. Use it instead of \
listing folders one by one; to search in files use Grep. Looks at 50000 files at most, for a minute \
at most, and follows no links. Skips what .gitignore files and .git/info/exclude name, and .git, \
node_modules, target, dist, build, .next, .cache and coverage, unless path or the start of pattern \
lies inside them or pattern is a plain name.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readRequest(raw);
    return { mutating: false, needs: [] };
  },
  async perform(raw, { roots, files, clock }, signal) {
    const { pattern, isName, folder, limit } = readRequest(raw);
    signal.throwIfAborted();
    const base = await expectFolder(files.resolve(folder), roots);
    const enters = (names: readonly string[]) => pattern.reaches(names);
    const pace = new Pace({ clock, signal, maxMs: MAX_MS });
    const options = { roots, pace, signal, enters, leavesOutIgnored: !isName };
    const walk = new FileWalk(base.path, options);
    const act = { access: "read", path: base.named, roots } as const;
    const found = await withFileErrors(act, () => matchesIn(walk, { pattern, pace }));
    const paths = await newestFirst(found, pace);
    const result = report(paths, { limit, isPartial: walk.isPartial || pace.isOver });
    return { success: true, result, display_preference: "Collapsible" };
  },
};

function readRequest(raw: Readonly<Record<string, unknown>>): {
  readonly pattern: GlobPattern;
  /** Whether the pattern can be of one file only. */
  readonly isName: boolean;
  readonly folder: string;
  readonly limit: number;
} {
  const { pattern, path = ".", limit = DEFAULT_LIMIT } = readInput(input, raw);
  const { start, rest } = splitStart(withSlashes(pattern));
  const folder = isAbsolute(start) ? start : `${path}/${start}`;
  const [isName, most] = [!WILD.test(rest), Math.min(limit, MAX_LIMIT)];
  return { pattern: new GlobPattern(rest), isName, folder, limit: most };
}

/** Folders that a pattern starts with by plain name need no search; they may be absolute. */
function splitStart(pattern: string): { readonly start: string; readonly rest: string } {
  const names = pattern.split("/");
  const wild = names.findIndex((name) => WILD.test(name));
  const count = Math.min(wild === -1 ? names.length : wild, names.length - 1);
  return {
    start: names.slice(0, count).join("/") + (count > 0 ? "/" : ""),
    rest: names.slice(count).join("/"),
  };
}

async function matchesIn(
  walk: FileWalk,
  { pattern, pace }: { readonly pattern: GlobPattern; readonly pace: Pace },
): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, names, files } of walk.folders()) {
    const matches = pattern.in(names);
    for (const name of files) {
      if (pace.isDue) await pace.rest();
      if (matches(name)) found.push(pathOfEntry(path, name));
    }
  }
  return found;
}

async function newestFirst(paths: readonly string[], pace: Pace): Promise<readonly string[]> {
  const dated: { readonly path: string; readonly modifiedMs: number }[] = [];
  for (const path of paths) {
    if (pace.isDue) await pace.rest();
    dated.push({ path, modifiedMs: timeOf(path) });
  }
  return dated.toSorted((a, b) => b.modifiedMs - a.modifiedMs).map(({ path }) => path);
}

function timeOf(path: string): number {
  try {
    return Deno.lstatSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0; // gone since it was found
  }
}

function report(
  paths: readonly string[],
  { limit, isPartial }: { readonly limit: number; readonly isPartial: boolean },
): string {
  if (paths.length === 0 && isPartial) {
    const advice = "Search in a smaller folder (path) or start the pattern with folder names";
    throw new WorkerError("refused", `Search scope too broad. ${advice}`);
  }
  const lines = firstGenuine(paths, limit);
  if (paths.length > limit) {
    lines.push(
      `[TRUNCATED] Showing the newest ${limit} of ${paths.length} files; narrow the pattern`,
    );
  }
  if (isPartial) {
    lines.push("[PARTIAL] Only a part of the folder was looked at; search a smaller one");
  }
  return lines.length === 0 ? "No files found" : lines.join("\n");
}

/** Without those that a link led to, which took the place of a folder for a moment. */
function firstGenuine(paths: readonly string[], most: number): string[] {
  const genuine: string[] = [];
  for (const path of paths) {
    if (genuine.length === most) break;
    if (isGenuine(path)) genuine.push(path);
  }
  return genuine;
}

function isGenuine(path: string): boolean {
  try {
    return isSameFile(path, lstatSync(path));
  } catch {
    return false; // gone since it was found
  }
}
