// Glob: finds files by their names.
import { lstat } from "node:fs/promises";
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { withFileErrors } from "./file_error.ts";
import { FileWalk, type WalkedFile } from "./file_walk.ts";
import { expectFolder } from "./found_path.ts";
import { GlobPattern } from "./glob_pattern.ts";
import { readInput, someText, wholeNumber } from "./input.ts";
import { Pace } from "./pace.ts";
import { pathField } from "./path_text.ts";
import type { Tool } from "./tool.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;
const STATS_AT_ONCE = 64;

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

export const globTool: Tool = {
  name: "Glob",
  description:
    `Finds files by name and lists their absolute paths, the newest first. Use it instead of \
listing folders one by one; to search in files use Grep. Looks at 50000 entries at most, follows \
no links, and skips .git, node_modules, target, dist, build, .next, .cache and coverage unless \
path or the start of pattern lies inside them.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readRequest(raw);
    return { mutating: false, needs: [] };
  },
  async perform(raw, { roots, files, clock }, signal) {
    const { pattern, folder, limit } = readRequest(raw);
    signal.throwIfAborted();
    const base = await expectFolder(files.resolve(folder), roots);
    const enters = (names: readonly string[]) => pattern.reaches(names);
    const walk = new FileWalk(base.path, { enters, pace: new Pace({ clock, signal }) });
    const act = { access: "read", path: base.named, roots } as const;
    const found = await withFileErrors(act, () => matchesIn(walk, pattern));
    const paths = (await newestFirst(found, signal)).map(({ path }) => path);
    const result = report(paths, { limit, isPartial: walk.isPartial });
    return { success: true, result, display_preference: "Collapsible" };
  },
};

function readRequest(raw: Readonly<Record<string, unknown>>): {
  readonly pattern: GlobPattern;
  readonly folder: string;
  readonly limit: number;
} {
  const { pattern, path = ".", limit = DEFAULT_LIMIT } = readInput(input, raw);
  const { start, rest } = splitStart(pattern);
  const folder = start.startsWith("/") ? start : `${path}/${start}`;
  return { pattern: new GlobPattern(rest), folder, limit: Math.min(limit, MAX_LIMIT) };
}

/** Folders that a pattern starts with by plain name need no search; they may be absolute. */
function splitStart(pattern: string): { readonly start: string; readonly rest: string } {
  const names = pattern.split("/");
  const wild = names.findIndex((name) => /[*?[\]{}\\]/.test(name));
  const count = Math.min(wild === -1 ? names.length : wild, names.length - 1);
  return {
    start: names.slice(0, count).join("/") + (count > 0 ? "/" : ""),
    rest: names.slice(count).join("/"),
  };
}

async function matchesIn(walk: FileWalk, pattern: GlobPattern): Promise<WalkedFile[]> {
  const found: WalkedFile[] = [];
  for await (const file of walk.files()) if (pattern.matches(file.names)) found.push(file);
  return found;
}

async function newestFirst(
  found: readonly WalkedFile[],
  signal: AbortSignal,
): Promise<readonly WalkedFile[]> {
  const dated: { readonly file: WalkedFile; readonly modifiedMs: number }[] = [];
  for (let at = 0; at < found.length; at += STATS_AT_ONCE) {
    signal.throwIfAborted();
    const batch = found.slice(at, at + STATS_AT_ONCE);
    dated.push(
      ...await Promise.all(batch.map(async (file) => ({ file, modifiedMs: await timeOf(file) }))),
    );
  }
  return dated.toSorted((a, b) => b.modifiedMs - a.modifiedMs).map(({ file }) => file);
}

async function timeOf({ path }: WalkedFile): Promise<number> {
  try {
    return (await lstat(path)).mtimeMs;
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
  if (paths.length === 0) return "No files found";
  const lines = paths.slice(0, limit);
  if (paths.length > limit) {
    lines.push(
      `[TRUNCATED] Showing the newest ${limit} of ${paths.length} files; narrow the pattern`,
    );
  }
  if (isPartial) {
    lines.push("[PARTIAL] Only a part of the folder was looked at; search a smaller one");
  }
  return lines.join("\n");
}
