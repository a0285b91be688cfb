// Keeps the configuration out of an agent's reach: what it wrote there would run outside the cage,
// as the user, at the next start.
import { basename, dirname, join, normalize } from "node:path";
import { mayBeInside } from "../base/path_inside.ts";
import { HERE } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";

/**
 * `files` are those that are read, now or by the next run; they need not be there.
 * @throws WorkerError `bad_input` when a folder that tools may change holds one of them.
 */
export function keepConfigOut(
  { workspace, capabilities }: Pick<ProvisionSpec, "workspace" | "capabilities">,
  files: readonly string[],
): void {
  const roots = [
    ...workspace === undefined ? [] : [workspace],
    ...capabilities.sandbox?.write ?? [],
  ];
  for (const file of files) {
    const spellings = spellingsOf(file);
    const root = roots.find((root) =>
      spellingsOf(root).some((folder) => spellings.some((path) => mayBeInside(path, folder)))
    );
    if (root === undefined) continue;
    throw new WorkerError(
      "bad_input",
      `tools may not change "${root}": the configuration "${file}" is in it, ` +
        "and names programs that run as you",
    );
  }
}

const ENDS = { unix: /(?<=.)\/+$/, windows: /(?<=[^:])\\+$/ } as const;

/** As it is written, with its folder's links resolved, and where it leads itself. */
function spellingsOf(path: string): readonly string[] {
  const plain = normalize(path).replace(ENDS[HERE], "");
  return [plain, join(realPath(dirname(plain)), basename(plain)), realPath(plain)];
}

/** The last parts may not be there yet. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
}
