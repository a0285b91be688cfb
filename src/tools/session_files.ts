// What one session knows of files: the folder it works in, and which files it has seen as they are.
import type { Stats } from "node:fs";
import { WorkerError } from "../core/errors.ts";
import { namedPath } from "./named_path.ts";
import type { Roots } from "./roots.ts";

/** Tells one state of a file from another, as far as the file system does. */
export type FileStamp = {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly modifiedMs: number;
};

export function stampOf(info: Stats): FileStamp {
  return { device: info.dev, inode: info.ino, size: info.size, modifiedMs: info.mtimeMs };
}

export function isSameState(a: FileStamp, b: FileStamp): boolean {
  return a.device === b.device && a.inode === b.inode && a.size === b.size &&
    a.modifiedMs === b.modifiedMs;
}

export class SessionFiles {
  #folder: string;
  readonly #read = new Map<string, FileStamp>();

  /** Starts in the workspace, with nothing read. */
  constructor(roots: Roots) {
    this.#folder = roots.workspace;
  }

  /** The folder that relative paths start from. */
  get folder(): string {
    return this.#folder;
  }

  /** `folder` is a real path inside the roots. */
  enter(folder: string): void {
    this.#folder = folder;
  }

  /**
   * The absolute path of what the model named; says nothing of whether it may be touched.
   * @throws WorkerError `refused` for a text that is not one place.
   */
  resolve(path: string): string {
    return namedPath(this.#folder, path);
  }

  /** As `resolve`; undefined for a text that is not one place. */
  resolveIfPlain(path: string): string | undefined {
    try {
      return this.resolve(path);
    } catch (thrown) {
      if (thrown instanceof WorkerError) return undefined;
      throw thrown;
    }
  }

  /** Notes that the model has seen the file in this state, or made it. `path` is a real path. */
  markRead(path: string, stamp: FileStamp): void {
    this.#read.set(path, stamp);
  }

  /** What the model knows of a file: nothing, an older state, or this one. */
  knowledgeOf(path: string, stamp: FileStamp): "unread" | "outdated" | "current" {
    const seen = this.#read.get(path);
    if (!seen) return "unread";
    return isSameState(seen, stamp) ? "current" : "outdated";
  }
}
