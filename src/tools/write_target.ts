// Where a file is to be written: inside the roots, under no protected name, through no link.
import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isInside } from "../base/path_inside.ts";
import { foldedPath, HERE, looksShortened } from "../base/path_system.ts";
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
export async function findWriteTarget(named: string, roots: Roots): Promise<WriteTarget> {
  demandWritable(named, roots);
  const missing: string[] = [];
  let at = named;
  let info = await lookAt(at);
  while (!info) {
    missing.unshift(basename(at));
    if (dirname(at) === at) throw refused(named, `${shown(at)} is not there`);
    at = dirname(at);
    info = await lookAt(at);
  }
  const real = await realWithoutLink(named, at, info);
  demandKind(named, at, info);
  const path = join(real, ...missing);
  if (path !== named) demandWritable(path, roots);
  demandNoShortName(named, missing);
  const found = missing.length === 0 ? { named: path, path, info } : undefined;
  const missingFolders = missing.slice(0, -1).map((_, last) =>
    join(real, ...missing.slice(0, last + 1))
  );
  const isAlone = !rootsFor("write", roots).some((folder) => isInside(dirname(path), folder));
  return { path, found, missingFolders, isAlone };
}

function demandWritable(path: string, roots: Roots): void {
  demandAccess("write", path, { roots });
  const name = protectedNameIn(path, rootsFor("write", roots));
  if (name !== undefined) throw refused(path, `${shown(name)} is protected ${WHY_PROTECTED}`);
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

/** `at` as the file system spells it: on Windows that may differ in the letters' case. */
async function realWithoutLink(path: string, at: string, info: Stats): Promise<string> {
  if (info.isSymbolicLink()) {
    throw refused(path, `${shown(at)} is a symlink; name the file it leads to instead`);
  }
  const real = await realpath(at);
  if (foldedPath(real) === foldedPath(at)) return real;
  throw refused(path, `a symlink in the path leads to ${shown(real)}; use that name instead`);
}

/** Its maker would choose the long name, and nobody could say which that is. */
function demandNoShortName(path: string, missing: readonly string[]): void {
  const name = HERE === "windows" ? missing.find(looksShortened) : undefined;
  if (name === undefined) return;
  throw refused(path, `${shown(name)} could be the short form of another name; use one without ~`);
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
