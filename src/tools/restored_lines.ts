// What a command's result says of the protected names that were put back after it.
import { relative } from "node:path";
import { isInside } from "../base/path_inside.ts";
import { shown } from "./path_text.ts";
import type { Restored } from "./protected_restore.ts";

const MAX_LINES = 20;

/** A line each, those in the workspace by their path from there; a long list is cut. */
export function restoredLines(restored: readonly Restored[], workspace: string): string[] {
  const lines = restored.slice(0, MAX_LINES).map(({ path, isRestored }) => {
    const name = nameOf(isInside(path, workspace) ? relative(workspace, path) : path);
    return isRestored
      ? marked(`restored protected ${name}: commands may not change it`)
      : marked(`protected ${name} was changed and could not be restored`);
  });
  const left = restored.length - lines.length;
  return left > 0 ? [...lines, marked(`${left} more protected names were changed`)] : lines;
}

/** A line of ours in a program's output. */
export function marked(text: string): string {
  return `[sheath: ${text}]`;
}

function nameOf(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : shown(path);
}
