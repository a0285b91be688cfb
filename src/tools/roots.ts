// The folders a tool may reach and the judgement on a path; what the path really is, is looked up
// by found_path.ts. The kernel's own rules stand behind this.
import { isInside } from "../base/path_inside.ts";
import { HERE, type PathSystem, windowsFlaw } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import { shown } from "./path_text.ts";

/** Real, absolute paths of folders (or single files). The workspace may be read and written. */
export type Roots = {
  /** Where a session starts. */
  readonly workspace: string;
  readonly read: readonly string[];
  /** May be read too. */
  readonly write: readonly string[];
};

export type Access = "read" | "write";

/** Everything that may be read, or written, without repeats. */
export function rootsFor(access: Access, { workspace, read, write }: Roots): readonly string[] {
  const writable = [workspace, ...write];
  return [...new Set(access === "write" ? writable : [...writable, ...read])];
}

/**
 * Throws unless the absolute, normalised `path` lies in a granted folder. `named` is what the
 * model called it, where that is another path that leads there.
 */
export function demandAccess(
  access: Access,
  path: string,
  { roots, named = path, system = HERE }: {
    readonly roots: Roots;
    readonly named?: string;
    readonly system?: PathSystem;
  },
): void {
  const flaw = system === "windows" ? windowsFlaw(path) : undefined;
  if (flaw !== undefined) {
    throw new WorkerError("refused", `Cannot ${access} ${shown(named)}: ${flaw}`);
  }
  if (rootsFor(access, roots).some((root) => isInside(path, root, system))) return;
  throw refusal(access, path, { roots, named });
}

/** The refusal that teaches: what was asked, what is granted, and which grant would allow it. */
export function refusal(
  access: Access,
  path: string,
  { roots, named = path }: { readonly roots: Roots; readonly named?: string },
): WorkerError {
  const leads = named === path ? "" : `it leads to ${shown(path)}, `;
  const kind = access === "write" ? "folders granted for writing" : "granted folders";
  const folders = rootsFor(access, roots).join(", ");
  const grant = `grant it with capabilities.sandbox.${access} [${shown(path)}]` +
    ` or sheath run --${access} ${asArgument(path)}`;
  const line = `Cannot ${access} ${
    shown(named)
  }: ${leads}outside the ${kind} (${folders}); ${grant}`;
  return new WorkerError("refused", line);
}

function asArgument(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : shown(path);
}
