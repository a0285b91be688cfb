// A folder at one moment, so that every change of it can be told.
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Relative paths of everything below a folder; none if there is no such folder. */
export function filesUnder(folder: string): string[] {
  return entriesOf(folder).map((entry) => join(entry.parentPath, entry.name))
    .map((path) => path.slice(folder.length + 1)).sort();
}

/** Names in a folder; none if it cannot be listed. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Everything below a folder and itself, by relative path, with all that can be told of it. */
export function snapshot(folder: string): ReadonlyMap<string, string> {
  return new Map(
    ["", ...filesUnder(folder)].map((name) => [name || ".", stateOf(join(folder, name))]),
  );
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

function stateOf(path: string): string {
  try {
    const { mode, uid, gid, nlink, mtimeMs, size } = lstatSync(path);
    return JSON.stringify([mode, uid, gid, nlink, mtimeMs, size, contentOf(path)]);
  } catch {
    return "gone";
  }
}

function contentOf(path: string): string {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return readlinkSync(path);
  return stats.isFile() && stats.size < 65_536 ? readFileSync(path, "latin1") : "";
}
