// What a path really is: where it leads once links are resolved, and whether that may be read.
import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { WorkerError } from "../core/errors.ts";
import { isMissing, withFileErrors } from "./file_error.ts";
import { shown } from "./path_text.ts";
import { demandAccess, type Roots } from "./roots.ts";

/** Something that is there and may be read. */
export type FoundPath = {
  /** The absolute path as the model meant it. */
  readonly named: string;
  /** The real path. */
  readonly path: string;
  readonly info: Stats;
};

/** Undefined if nothing is there. @throws WorkerError `refused` if it may not be read. */
export async function findPath(named: string, roots: Roots): Promise<FoundPath | undefined> {
  demandAccess("read", named, { roots });
  return await withFileErrors({ access: "read", path: named, roots }, async () => {
    try {
      const path = await realpath(named);
      demandAccess("read", path, { roots, named });
      return { named, path, info: await lstat(path) };
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  });
}

/** As `findPath`, for what must be there. */
export async function expectPath(named: string, roots: Roots): Promise<FoundPath> {
  const found = await findPath(named, roots);
  if (found) return found;
  throw new WorkerError("refused", `Cannot read ${shown(named)}: no such file or folder`);
}

/** As `expectPath`, for what must be a folder. */
export async function expectFolder(named: string, roots: Roots): Promise<FoundPath> {
  const found = await expectPath(named, roots);
  if (found.info.isDirectory()) return found;
  throw new WorkerError("refused", `Cannot search ${shown(named)}: it is not a folder`);
}

/** The kind of thing, as a message calls it. */
export function kindOf(info: Stats): string {
  if (info.isFile()) return "a regular file";
  if (info.isDirectory()) return "a folder";
  if (info.isSymbolicLink()) return "a symlink";
  if (info.isFIFO()) return "a pipe (FIFO)";
  if (info.isSocket()) return "a socket";
  return "a device";
}
