// Turns what the file system threw into a line for the model.
import { WorkerError } from "../core/errors.ts";
import { shown } from "./path_text.ts";
import { type Access, refusal, type Roots } from "./roots.ts";

export type FileAct = {
  readonly access: Access;
  /** The absolute path as the model meant it. */
  readonly path: string;
  readonly roots: Roots;
};

const STATES = new Map([
  ["ENOENT", "no such file or folder"],
  ["ENOTDIR", "a part of the path is a file, not a folder"],
  ["EISDIR", "it is a folder, expected a file"],
  ["EACCES", "the system does not permit it"],
  ["EPERM", "the system does not permit it"],
  ["EROFS", "the file system is read-only"],
  ["ELOOP", "its symlinks lead in a circle"],
  ["ENAMETOOLONG", "a name in it is too long"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EFBIG", "the file would be too large"],
  ["ENXIO", "it is not a regular file"],
]);

/** Runs `work`; its file system errors become WorkerErrors, everything else passes. */
export async function withFileErrors<T>(act: FileAct, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw fileError(act, thrown);
  }
}

/** Whether a look-up failed because nothing is there. */
export function isMissing(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === "ENOENT" || code === "ENOTDIR";
}

function fileError({ access, path, roots }: FileAct, thrown: unknown): unknown {
  if (thrown instanceof Deno.errors.NotCapable) return refusal(access, path, { roots });
  const code = codeOf(thrown);
  if (code === undefined) return thrown;
  const state = STATES.get(code) ?? `the system answered ${code}`;
  return new WorkerError("refused", `Cannot ${access} ${shown(path)}: ${state}`, { cause: thrown });
}

function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
