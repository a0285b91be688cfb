// Walks folders in order of names: through no link, to a bounded depth, not without end.
import { realpathSync } from "node:fs";
import { sep } from "node:path";
import type { Pace } from "../tools/pace.ts";

const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 8;

export type WalkedFolder = {
  readonly path: string;
  /** Below the walk's folder. */
  readonly names: readonly string[];
  readonly files: readonly string[];
  readonly links: readonly string[];
};

export class SkillWalk {
  readonly #folder: string;
  readonly #pace: Pace;
  #left = MAX_ENTRIES;
  #isPartial = false;

  /** `folder` is a real path. */
  constructor(folder: string, pace: Pace) {
    this.#folder = folder;
    this.#pace = pace;
  }

  /** Whether there was more than the walk looks at. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** `enters` is asked before a folder is looked into. Rejects with the abort reason. */
  async *folders(enters: (path: string) => boolean): AsyncGenerator<WalkedFolder> {
    const ahead: (readonly string[])[] = [[]];
    for (let names = ahead.pop(); names; names = ahead.pop()) {
      if (this.#pace.isDue) await this.#pace.rest();
      if (this.#left <= 0 || this.#pace.isOver) {
        this.#isPartial = true;
        return;
      }
      const path = [this.#folder, ...names].join(sep);
      if (!enters(path)) continue;
      const entries = this.#entriesIn(path);
      const named = (wanted: (entry: Deno.DirEntry) => boolean) =>
        entries.filter(wanted).map(({ name }) => name);
      yield {
        path,
        names,
        files: named(({ isFile }) => isFile),
        links: named(({ isSymlink }) => isSymlink),
      };
      const below = named(({ isDirectory }) => isDirectory);
      if (names.length < MAX_DEPTH) {
        ahead.push(...below.map((name) => [...names, name]).toReversed());
      } else if (below.length > 0) this.#isPartial = true;
    }
  }

  #entriesIn(path: string): readonly Deno.DirEntry[] {
    const entries = entriesIfThere(path, this.#left + 1);
    const looked = entries.slice(0, this.#left);
    if (looked.length < entries.length) this.#isPartial = true;
    this.#left -= entries.length;
    return looked.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function entriesIfThere(path: string, most: number): readonly Deno.DirEntry[] {
  try {
    const entries = [...Deno.readDirSync(path).take(most)];
    return realpathSync.native(path) === path ? entries : []; // a link since it was found
  } catch {
    return []; // gone meanwhile or not ours to read
  }
}
