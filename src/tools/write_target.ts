// Where a file is to be written: inside the roots, under no protected name, through no link.
import { isInside } from "../base/path_inside.ts";
import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { WorkerError } from "../core/errors.ts";
import { isMissing } from "./file_error.ts";
import { type FoundPath, kindOf } from "./found_path.ts";
import { shown } from "./path_text.ts";
import { protectedNameIn } from "./protected_names.ts";
import { demandAccess, type Roots, rootsFor } from "./roots.ts";

export type WriteTarget = {
  /** The real, absolute path. */
  readonly path: string;
  /** The regular file that is there now. */
  readonly found: FoundPath | undefined;
  /** Folders that have to be made, outermost first. */
  readonly missingFolders: readonly string[];
  /** Only the file itself was granted, so that nothing can be made beside it. */
  readonly isAlone: boolean;
};

/** @throws WorkerError `refused`, or what the file system threw. */
export async function findWriteTarget(path: string, roots: Roots): Promise<WriteTarget> {
  demandAccess("write", path, { roots });
  const folders = rootsFor("write", roots);
  const name = protectedNameIn(path, folders);
  if (name !== undefined) throw refused(path, `${shown(name)} is protected ${WHY_PROTECTED}`);
  const missingFolders: string[] = [];
  let at = path;
  let info = await lookAt(at);
  while (!info) {
    at = dirname(at);
    missingFolders.unshift(at);
    info = await lookAt(at);
  }
  await demandNoLink(path, at, info);
  demandKind(path, at, info);
  const found = at === path ? { named: path, path, info } : undefined;
  const isAlone = !folders.some((folder) => isInside(dirname(path), folder));
  return { path, found, missingFolders: missingFolders.slice(1), isAlone };
}

const WHY_PROTECTED = "(other programs run or trust it); ask the user to change it by hand";

async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

async function demandNoLink(path: string, at: string, info: Stats): Promise<void> {
  if (info.isSymbolicLink()) {
    throw refused(path, `${shown(at)} is a symlink; name the file it leads to instead`);
  }
  const real = await realpath(at);
  if (real === at) return;
  throw refused(path, `a symlink in the path leads to ${shown(real)}; use that name instead`);
}

function demandKind(path: string, at: string, info: Stats): void {
  if (at !== path && !info.isDirectory()) throw refused(path, `${shown(at)} is not a folder`);
  if (at === path && !info.isFile()) {
    throw refused(path, `it is ${kindOf(info)}, expected a regular file`);
  }
}

function refused(path: string, why: string): WorkerError {
  return new WorkerError("refused", `Cannot write ${shown(path)}: ${why}`);
}
