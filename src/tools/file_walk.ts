// Walks the files below a folder: in order of names, through no link, past what git ignores, and
// not without end.
import { realpathSync } from "node:fs";
import { pathOfEntry } from "../base/path_system.ts";
import type { IgnoreFiles } from "./ignore_files.ts";
import type { IgnoreRules } from "./ignore_rules.ts";
import type { Pace } from "./pace.ts";
import type { Roots } from "./roots.ts";

const MAX_FILES = 50_000;
/** Folders, links and what is ignored too. */
const MAX_ENTRIES = 200_000;

/** Folders of other people's or generated files; searched only when they are asked for by path. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  ".git",
  "node_modules",
  "target",
  "dist",
  "build",
  ".next",
  ".cache",
  "coverage",
]);

/** A folder and the names of the regular files in it. */
export type WalkedFolder = {
  readonly path: string;
  /** The names from the walk's folder down to this one. */
  readonly names: readonly string[];
  readonly files: readonly string[];
};

export type FileWalkOptions = {
  readonly roots: Roots;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Whether to go into a folder, given as its names. */
  readonly enters: (names: readonly string[]) => boolean;
  /** Whether .gitignore files count. */
  readonly leavesOutIgnored: boolean;
};

/** A folder to go into, and what is said of it above. */
type Ahead = {
  readonly path: string;
  readonly names: readonly string[];
  /** Undefined where what is ignored is not left out. */
  readonly rules: IgnoreRules | undefined;
};

export class FileWalk {
  readonly #folder: string;
  readonly #options: FileWalkOptions;
  #ignoreFiles: IgnoreFiles | undefined;
  #files = 0;
  #entries = 0;

  /** `folder` is a real path. */
  constructor(folder: string, options: FileWalkOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Whether there was more than the walk looks at. */
  get isPartial(): boolean {
    return this.#files > MAX_FILES || this.#entries > MAX_ENTRIES;
  }

  /** Rejects with the abort reason, or why the folder itself is unreadable. */
  async *folders(): AsyncGenerator<WalkedFolder> {
    const { pace, signal } = this.#options;
    const rules = await this.#rulesAbove();
    const ahead: Ahead[] = [{ path: this.#folder, names: [], rules }];
    for (let next = ahead.pop(); next && !this.isPartial; next = ahead.pop()) {
      if (pace.isDue) await pace.rest();
      if (pace.isOver) return;
      signal.throwIfAborted();
      const { files, below } = await this.#enter(next);
      yield { path: next.path, names: next.names, files };
      ahead.push(...below.toReversed());
    }
  }

  async #enter(folder: Ahead): Promise<{ readonly files: string[]; readonly below: Ahead[] }> {
    const { pace, enters } = this.#options;
    const entries = this.#entriesOf(folder);
    const rules = await this.#rulesIn(folder, entries);
    const ignores = rules?.in(folder.path) ?? (() => false);
    const files: string[] = [];
    const below: Ahead[] = [];
    for (const { name, isFile, isDirectory } of entries) {
      if (pace.isDue) await pace.rest();
      if (this.isPartial || pace.isOver) break;
      if (isFile && !ignores(name, false) && ++this.#files <= MAX_FILES) files.push(name);
      if (!isDirectory || SKIPPED_FOLDERS.has(name)) continue;
      const names = [...folder.names, name];
      if (!enters(names) || ignores(name, true)) continue;
      below.push({ path: pathOfEntry(folder.path, name), names, rules });
    }
    return { files, below };
  }

  /** Loads the library at the first search: a thread's start does not wait for it. */
  async #rulesAbove(): Promise<IgnoreRules | undefined> {
    const { roots, signal, leavesOutIgnored } = this.#options;
    if (!leavesOutIgnored) return undefined;
    const { IgnoreFiles } = await import("./ignore_files.ts");
    this.#ignoreFiles = new IgnoreFiles(roots, signal);
    return await this.#ignoreFiles.above(this.#folder);
  }

  async #rulesIn(
    { path, rules }: Ahead,
    entries: readonly Deno.DirEntry[],
  ): Promise<IgnoreRules | undefined> {
    const names = entries.flatMap(({ name }) => name.startsWith(".git") ? name : []);
    return rules && await this.#ignoreFiles?.entering(path, { names, rules });
  }

  #entriesOf({ path, names }: Ahead): Deno.DirEntry[] {
    const entries = names.length === 0 ? entriesIn(path) : entriesIfThere(path);
    const left = Math.max(MAX_ENTRIES - this.#entries, 0);
    this.#entries += entries.length;
    return entries.slice(0, left).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** Each call at once: a promise for each takes longer than the folder. */
function entriesIn(path: string): Deno.DirEntry[] {
  return [...Deno.readDirSync(path)];
}

function entriesIfThere(path: string): Deno.DirEntry[] {
  try {
    const entries = entriesIn(path);
    return realpathSync.native(path) === path ? entries : []; // swapped for a link since it was found
  } catch {
    return []; // gone meanwhile or not ours to read: a search tells what it can see
  }
}
