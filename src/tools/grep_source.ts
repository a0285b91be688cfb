// The texts that Grep searches: of one file, or of the files below a folder that it is asked for.
import { lstat } from "node:fs/promises";
import { FileWalk, type WalkedFile } from "./file_walk.ts";
import type { FoundPath } from "./found_path.ts";
import type { Pace } from "./pace.ts";
import { RegularFile } from "./regular_file.ts";
import type { Roots } from "./roots.ts";

const MAX_FILE_BYTES = 2 * 1024 * 1024;
const FILES_AT_ONCE = 16;

export type GrepSourceOptions = {
  readonly roots: Roots;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  /** Which files below a folder to search, given as their names from there. */
  readonly accepts: (names: readonly string[]) => boolean;
};

export type GrepText = { readonly path: string; readonly text: string };

export class GrepSource {
  readonly #start: FoundPath;
  readonly #options: GrepSourceOptions;
  readonly #walk: FileWalk;
  #oversized = 0;

  constructor(start: FoundPath, options: GrepSourceOptions) {
    this.#start = start;
    this.#options = options;
    this.#walk = new FileWalk(start.path, { enters: () => true, pace: options.pace });
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
    if (!this.#start.info.isDirectory()) {
      const text = await this.#read(this.#start);
      if (text !== undefined) yield { path: this.#start.path, text };
      return;
    }
    let batch: WalkedFile[] = [];
    for await (const file of this.#walk.files()) {
      if (!this.#options.accepts(file.names)) continue;
      batch.push(file);
      if (batch.length < FILES_AT_ONCE) continue;
      yield* await this.#readAll(batch);
      batch = [];
    }
    yield* await this.#readAll(batch);
  }

  async #readAll(batch: readonly WalkedFile[]): Promise<GrepText[]> {
    this.#options.signal.throwIfAborted();
    const texts = await Promise.all(batch.map(async ({ path }) => {
      const text = await this.#readWalked(path);
      return text === undefined ? [] : [{ path, text }];
    }));
    return texts.flat();
  }

  async #readWalked(path: string): Promise<string | undefined> {
    try {
      const info = await lstat(path);
      if (info.size <= MAX_FILE_BYTES) return await this.#read({ named: path, path, info });
      this.#oversized++;
    } catch {
      this.#options.signal.throwIfAborted(); // else gone or swapped since it was found: not searched
    }
    return undefined;
  }

  /** Undefined for a binary file. */
  async #read(found: FoundPath): Promise<string | undefined> {
    const { roots, signal } = this.#options;
    await using file = await RegularFile.open(found, roots);
    const bytes = await file.bytes(MAX_FILE_BYTES, signal);
    if (bytes.includes(0)) return undefined;
    return new TextDecoder().decode(bytes);
  }
}
