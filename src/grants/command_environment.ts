// All the variables a command gets: written out, never inherited. Pure.
import { isInside } from "../base/path_inside.ts";
import { SYSTEM_FOLDERS } from "./domain.ts";
import type { Grants } from "./grants.ts";

export type UserFacts = {
  readonly home: string | undefined;
  /** The user's PATH. */
  readonly path: string | undefined;
};

const STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export function commandEnvironment(
  { commands, places }: Grants,
  { home, path }: UserFacts,
): Readonly<Record<string, string>> {
  const { storageDir } = places;
  const isUnconfined = commands.type === "unconfined";
  const folders = [...(path ?? "").split(":"), ...STANDARD_PATH.split(":")];
  const found = [...new Set(folders)].filter((folder) =>
    folder.startsWith("/") && (isUnconfined || isRunnable(folder, places))
  );
  return {
    PATH: found.join(":"),
    HOME: isUnconfined && home !== undefined ? home : `${storageDir}/home`,
    TMPDIR: `${storageDir}/tmp`,
    LANG: "C.UTF-8",
    TERM: "dumb",
    // What would wait for a person, or look for the network at every start.
    PAGER: "cat",
    GIT_PAGER: "cat",
    GIT_TERMINAL_PROMPT: "0",
    npm_config_update_notifier: "false",
  };
}

/** Folders that the box lets programs be run from; never one that a command could have filled. */
function isRunnable(folder: string, { workspace, read, write }: Grants["places"]): boolean {
  const isIn = (roots: readonly string[]) => roots.some((root) => isInside(folder, root));
  return isIn([...SYSTEM_FOLDERS, ...read]) && !isIn([workspace, ...write]);
}
