// Whether an opened file is the one that a path names, with no link in the path.
import { lstatSync, realpathSync } from "node:fs";
import { isMissing } from "./file_error.ts";

/** Who swaps folders for links would have to hit between two calls, and again each round. */
const ROUNDS = 3;

export type FileIdentity = { readonly dev: number; readonly ino: number };

/**
 * Looks twice a round without letting anything else run: once for the file, once for links.
 * The kernel can tell this in one step (openat2); the runtime offers no such call.
 */
export function isSameFile(path: string, opened: FileIdentity): boolean {
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { dev, ino } = lstatSync(path);
      if (dev !== opened.dev || ino !== opened.ino) return false;
      if (realpathSync.native(path) !== path) return false;
    }
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}
