// Whether one path lies in another: by components and never by text.
import { foldedPath, HERE, pathOfEntry, type PathSystem } from "./path_system.ts";

/**
 * `/a/bc` is not inside `/a/b`. Both are absolute and normalised, and on Windows spelled as the file
 * system spells them.
 */
export function isInside(path: string, folder: string, system: PathSystem = HERE): boolean {
  return path === folder || path.startsWith(pathOfEntry(folder, "", system));
}

/** Whether it could be, whatever the letters' case where that means nothing: for refusals. */
export function mayBeInside(path: string, folder: string, system: PathSystem = HERE): boolean {
  return isInside(foldedPath(path, system), foldedPath(folder, system), system);
}
