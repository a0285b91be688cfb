// Walks the files below a folder: in order of names, through no link, and not without end.
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Pace } from "./pace.ts";

const MAX_ENTRIES = 50_000;

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

export type WalkedFile = {
  readonly path: string;
  /** The names from the walk's folder down to the file. */
  readonly names: readonly string[];
};

export type FileWalkOptions = {
  /** Whether to go into a folder, given as its names. */
  readonly enters: (names: readonly string[]) => boolean;
  readonly pace: Pace;
};

export class FileWalk {
  readonly #folder: string;
  readonly #options: FileWalkOptions;
  #left = MAX_ENTRIES;

  /** `folder` is a real path. */
  constructor(folder: string, options: FileWalkOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Whether there was more than the walk looks at. */
  get isPartial(): boolean {
    return this.#left < 0;
  }

  /** Regular files only. Rejects with the abort reason, or why the folder itself is unreadable. */
  async *files(): AsyncGenerator<WalkedFile> {
    const { pace, enters } = this.#options;
    const folders: WalkedFile[] = [{ path: this.#folder, names: [] }];
    for (let folder = folders.pop(); folder && !this.isPartial; folder = folders.pop()) {
      if (pace.isDue) await pace.rest();
      const below: WalkedFile[] = [];
      for (const entry of await this.#entriesOf(folder)) {
        const found = {
          path: folder.path === "/" ? `/${entry.name}` : `${folder.path}/${entry.name}`,
          names: [...folder.names, entry.name],
        };
        if (entry.isFile()) yield found;
        const isEntered = entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name);
        if (isEntered && enters(found.names)) below.push(found);
      }
      folders.push(...below.reverse());
    }
  }

  async #entriesOf({ path, names }: WalkedFile): Promise<Dirent[]> {
    const entries = await (names.length === 0 ? entriesIn(path) : entriesIn(path).catch(none));
    const taken = entries.slice(0, Math.max(this.#left, 0));
    this.#left -= entries.length;
    return taken.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function entriesIn(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true });
}

/** A folder below that is gone meanwhile or not ours to read: a search tells what it can see. */
function none(): Dirent[] {
  return [];
}
