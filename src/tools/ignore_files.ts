// Finds and reads the .gitignore files in and above a folder, and .git/info/exclude of its
// repository: inside the tool roots only, and of each file no more than its beginning.
import { dirname, sep } from "node:path";
import { isInside } from "../base/path_inside.ts";
import { WorkerError } from "../core/errors.ts";
import { findPath, type FoundPath } from "./found_path.ts";
import { IgnoreRules } from "./ignore_rules.ts";
import { RegularFile } from "./regular_file.ts";
import { type Roots, rootsFor } from "./roots.ts";

const REPOSITORY = ".git";
const IGNORED = ".gitignore";
const EXCLUDED = [".git", "info", "exclude"].join(sep);
const MAX_FILE_BYTES = 64 * 1024;

export class IgnoreFiles {
  readonly #roots: Roots;
  readonly #signal: AbortSignal;

  constructor(roots: Roots, signal: AbortSignal) {
    this.#roots = roots;
    this.#signal = signal;
  }

  /** What is said above a real folder; nothing if that is to ignore it, for it was asked for. */
  async above(start: string): Promise<IgnoreRules> {
    const folders: string[] = [];
    for (let at = start; !await this.#isThere(`${at}${sep}${REPOSITORY}`); at = dirname(at)) {
      const parent = dirname(at);
      if (parent === at || !this.#isGranted(parent)) break;
      folders.unshift(parent);
    }
    let rules = IgnoreRules.below(folders[0] ?? start);
    for (const folder of folders) {
      const names: string[] = [];
      for (const name of [REPOSITORY, IGNORED]) {
        if (await this.#isThere(`${folder}${sep}${name}`)) names.push(name);
      }
      rules = await this.entering(folder, { names, rules });
    }
    return rules.ignoresFolder(start) ? IgnoreRules.below(start) : rules;
  }

  /** What is said in a folder with these names in it, where `rules` are said above it. */
  async entering(
    folder: string,
    { names, rules }: { readonly names: readonly string[]; readonly rules: IgnoreRules },
  ): Promise<IgnoreRules> {
    let said = rules;
    if (names.includes(REPOSITORY)) {
      said = IgnoreRules.below(folder);
      const found = await this.#find(`${folder}${sep}${EXCLUDED}`);
      if (found) said = said.with(folder, await this.#read(found));
    }
    if (!names.includes(IGNORED)) return said;
    const found = await this.#find(`${folder}${sep}${IGNORED}`);
    return found?.path === found?.named && found
      ? said.with(folder, await this.#read(found))
      : said;
  }

  #isGranted(path: string): boolean {
    return rootsFor("read", this.#roots).some((root) => isInside(path, root));
  }

  async #isThere(path: string): Promise<boolean> {
    return await this.#find(path) !== undefined;
  }

  async #find(path: string): Promise<FoundPath | undefined> {
    try {
      return await findPath(path, this.#roots);
    } catch (thrown) {
      if (thrown instanceof WorkerError) return undefined; // it leads out of the roots
      throw thrown;
    }
  }

  /** Whole lines of its beginning; none of a file that cannot be read. */
  async #read(found: FoundPath): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    try {
      await using file = await RegularFile.open(found, this.#roots);
      for await (const chunk of file.chunks(MAX_FILE_BYTES, this.#signal)) {
        text += decoder.decode(chunk, { stream: true });
      }
      return file.stamp.size > MAX_FILE_BYTES ? text.slice(0, text.lastIndexOf("\n") + 1) : text;
    } catch (thrown) {
      if (thrown instanceof WorkerError) return "";
      throw thrown;
    }
  }
}
