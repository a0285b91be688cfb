// The texts that Grep searches: of one file, or of the files below a folder that it is asked for.
import { pathOfEntry } from "../base/path_system.ts";
import { FileWalk } from "./file_walk.ts";
import type { FoundPath } from "./found_path.ts";
import type { NameFilter } from "./grep_filter.ts";
import type { Pace } from "./pace.ts";
import { RegularFile } from "./regular_file.ts";
import type { Roots } from "./roots.ts";
import { WalkedFile } from "./walked_file.ts";

const MAX_FILE_BYTES = 2 * 1024 * 1024;
/** Nearly all binary files show in their beginning; the others when they are searched. */
const START_BYTES = 512;

export type GrepSourceOptions = {
  readonly roots: Roots;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Which files below a folder to search. */
  readonly accepts: NameFilter;
  /** Whether to search a text at all; soon known. */
  readonly mayFind: (text: string) => boolean;
};

export type GrepText = {
  readonly path: string;
  readonly text: string;
  /** To be asked before anything is told of the text, while it is the current one. */
  readonly isGenuine: () => boolean;
};

export class GrepSource {
  readonly #start: FoundPath;
  readonly #options: GrepSourceOptions;
  readonly #walk: FileWalk;
  readonly #decoder = new TextDecoder();
  #oversized = 0;

  constructor(start: FoundPath, options: GrepSourceOptions) {
    const { roots, pace, signal } = options;
    const walk = { roots, pace, signal, enters: () => true, leavesOutIgnored: true };
    this.#start = start;
    this.#options = options;
    this.#walk = new FileWalk(start.path, walk);
  }

  /** Whether there are files below the folder that were not looked at. */
  get isPartial(): boolean {
    return this.#walk.isPartial;
  }

  /** How many files were left out because they are too large. */
  get oversized(): number {
    return this.#oversized;
  }

  /** Rejects with the abort reason; for a single file also with why it cannot be read. */
  async *texts(): AsyncGenerator<GrepText> {
    if (this.#start.info.isDirectory()) return yield* this.#walked();
    const { path } = this.#start;
    const { roots, signal } = this.#options;
    await using file = await RegularFile.open(this.#start, roots); // which judges it
    const text = this.#textOf(await file.bytes(MAX_FILE_BYTES, signal));
    if (text !== undefined) yield { path, text, isGenuine: () => true };
  }

  async *#walked(): AsyncGenerator<GrepText> {
    const { pace, accepts } = this.#options;
    const buffer = new Uint8Array(MAX_FILE_BYTES + 1);
    for await (const { path: folder, names, files } of this.#walk.folders()) {
      const accepted = accepts(names);
      for (const name of files) {
        if (pace.isDue) await pace.rest();
        if (pace.isOver) return;
        if (!accepted(name)) continue;
        const path = pathOfEntry(folder, name);
        using file = WalkedFile.open(path);
        const text = file && this.#read(file, buffer);
        if (text !== undefined) yield { path, text, isGenuine: () => file?.isGenuine ?? false };
      }
    }
  }

  #read(file: WalkedFile, buffer: Uint8Array): string | undefined {
    const length = file.read(buffer);
    if (length === buffer.length) this.#oversized++;
    return length === undefined || length === buffer.length
      ? undefined
      : this.#textOf(buffer.subarray(0, length));
  }

  /** Undefined for a binary file and one without a match. */
  #textOf(bytes: Uint8Array): string | undefined {
    if (bytes.subarray(0, START_BYTES).includes(0)) return undefined;
    const text = this.#decoder.decode(bytes);
    return this.#options.mayFind(text) && !text.includes("\0") ? text : undefined;
  }
}
