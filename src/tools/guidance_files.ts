// Instruction files of the tool roots: which of them lie on the way to a path, each told once.
import { dirname, join } from "node:path";
import { isInside } from "../base/path_inside.ts";
import { WorkerError } from "../core/errors.ts";
import { findPath, type FoundPath } from "./found_path.ts";
import { RegularFile } from "./regular_file.ts";
import { type Roots, rootsFor } from "./roots.ts";

export type GuidanceText = {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Whether the text is only the file's beginning. */
  readonly isCut: boolean;
};

/** The first that is in a folder counts. */
const NAMES = ["AGENTS.md", "CLAUDE.md", "GEMINI.md"];
const MAX_FILE_BYTES = 32 * 1024;
const MAX_BYTES = 96 * 1024;
const MAX_DEPTH = 40;

/** Of one session. */
export class GuidanceFiles {
  readonly #roots: Roots;
  readonly #seen = new Set<string>();
  #left = MAX_BYTES;

  constructor(roots: Roots) {
    this.#roots = roots;
  }

  /** New ones on the way to these absolute paths, the nearest last. What cannot be read is left out. */
  async onTheWayTo(paths: readonly string[], signal: AbortSignal): Promise<GuidanceText[]> {
    const texts: GuidanceText[] = [];
    for (const folder of new Set(paths.flatMap((path) => this.#foldersTo(path)))) {
      if (this.#seen.has(folder) || this.#left <= 0) continue;
      this.#seen.add(folder);
      const text = await this.#textIn(folder, signal);
      if (text) texts.push(text);
    }
    return texts;
  }

  /** From the innermost root that holds the path, the path itself included: it may be a folder. */
  #foldersTo(path: string): string[] {
    const root = rootsFor("read", this.#roots)
      .filter((root) => isInside(path, root))
      .toSorted((a, b) => b.length - a.length)[0];
    if (root === undefined) return [];
    const folders: string[] = [];
    for (let at = path; isInside(at, root) && folders.length < MAX_DEPTH; at = dirname(at)) {
      folders.unshift(at);
      if (at === root) break;
    }
    return folders;
  }

  async #textIn(folder: string, signal: AbortSignal): Promise<GuidanceText | undefined> {
    for (const name of NAMES) {
      const found = await this.#find(join(folder, name));
      if (!found || this.#seen.has(found.path)) continue;
      this.#seen.add(found.path);
      return await this.#read(found, signal);
    }
    return undefined;
  }

  async #find(path: string): Promise<FoundPath | undefined> {
    try {
      const found = await findPath(path, this.#roots);
      return found?.info.isFile() ? found : undefined;
    } catch (thrown) {
      if (thrown instanceof WorkerError) return undefined; // it leads out of the roots
      throw thrown;
    }
  }

  async #read(found: FoundPath, signal: AbortSignal): Promise<GuidanceText | undefined> {
    const most = Math.min(MAX_FILE_BYTES, this.#left);
    const decoder = new TextDecoder();
    let text = "";
    try {
      await using file = await RegularFile.open(found, this.#roots);
      for await (const chunk of file.chunks(most, signal)) {
        text += decoder.decode(chunk, { stream: true });
      }
      this.#left -= Math.min(most, file.stamp.size);
      if (text.includes("\0") || text.trim() === "") return undefined;
      return { path: found.path, text, isCut: file.stamp.size > most };
    } catch (thrown) {
      if (thrown instanceof WorkerError) return undefined; // it went away, or is another file now
      throw thrown;
    }
  }
}
