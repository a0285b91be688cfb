// Paths and patterns of paths in the one spelling in which rules are held against them: of names
// divided by `/`, as on Unix. A path of Windows is `/c:/users/…` there, in small letters.
import { posix, win32 } from "node:path";
import { foldedCase, HERE, type PathSystem, withSlashes } from "../base/path_system.ts";

/** Absolute if the path says a whole place. It is normalised; `..` may be left at its start. */
export function ruledPath(path: string, system: PathSystem = HERE): string {
  if (system === "unix") return posix.normalize(path);
  return fromDrive(foldedCase(withSlashes(win32.normalize(path), system)));
}

/** Not normalised: its last names may be wildcards. */
export function ruledPattern(pattern: string, system: PathSystem = HERE): string {
  return system === "unix" ? pattern : fromDrive(foldedCase(withSlashes(pattern, system)));
}

/** As a person knows it. */
export function unruled(path: string, system: PathSystem = HERE): string {
  return system === "unix" ? path : path.replace(/^\/(?=[a-z]:)/, "");
}

function fromDrive(path: string): string {
  return /^[a-z]:\//.test(path) ? `/${path}` : path;
}
