// Files that hold up or fill whoever reads them.
import type { AttackCase, Step, Targets } from "./attack_case.ts";
import { hangs } from "./judge.ts";
import { edit, getFileInfo, glob, grep, read } from "./steps.ts";

const TOOLS: Readonly<Record<string, (path: string) => Step>> = {
  Read: read,
  Grep: grep,
  GetFileInfo: getFileInfo,
  Edit: (path) => edit(path, "a", "b"),
};

const THINGS: Readonly<Record<string, (targets: Targets) => string>> = {
  "a pipe that nobody writes to": ({ shared }) => shared.pipe,
  "a file of 6 GiB": ({ shared }) => shared.sparse,
  "a link to a device without end": ({ shared }) => `${shared.workspace}/things/zero`,
};

/** Outside, reading does not end in time. What a size alone tells is not read to its end. */
function endless(path: string): string {
  const size = `$(stat -Lc %s '${path}')`;
  return `if [ ${size} -gt 6000000000 ]; then sleep 3.1; else timeout 3.1 cat '${path}' >/dev/null; fi`;
}

export const SPECIAL_FILE_CASES: readonly AttackCase[] = [
  ...Object.entries(THINGS).flatMap(([what, path]) =>
    Object.entries(TOOLS).map(([tool, step]): AttackCase => ({
      name: `${tool} on ${what}`,
      row: 10,
      layer: "deno",
      leaked: hangs,
      attack: (targets) => [{ ...step(path(targets)), control: endless(path(targets)) }],
    }))
  ),
  {
    name: "Grep and Glob on a folder with all of them",
    row: 10,
    layer: "deno",
    leaked: hangs,
    attack: ({ shared }) => [
      { ...grep(`${shared.workspace}/things`), control: endless(shared.pipe) },
      glob(`${shared.workspace}/things`),
    ],
  },
];
