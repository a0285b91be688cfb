// Removes storage folders that workers left in the temporary storage root, a bounded time at each start.
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { isSafeChildId } from "../protocol/child_id.ts";
import { isLive, readRecord, recordPath } from "./record_file.ts";

/** The file that makes a folder ours to collect; whoever makes a storage folder puts it there. */
export const STORAGE_MARKER = ".sheath";
/** Age by the folder's own mtime (wire: Garbage collection). */
const KEEP_MS = 7 * 24 * 60 * 60 * 1_000;
/** What a folder is called once its removal has begun, so that a later start goes on with it. */
const DOOMED_PREFIX = ".removing.";

export type StorageGcOptions = {
  /** Temporary storage root: `<tmp>/bamboo-subagents`. */
  readonly root: string;
  /** Agents with a live record here keep their folders. */
  readonly fabricDir: string;
  readonly clock: Clock;
  /** User that this process runs as: others' folders are left alone. */
  readonly uid: number;
  readonly budgetMs: number;
};

/**
 * Synchronous: it runs before the process is locked. Follows no link and ignores errors. Returns
 * the names of the folders that are gone or on their way.
 */
export function collectStorage(options: StorageGcOptions): readonly string[] {
  const { root, clock } = options;
  const isInTime = () => clock.monotonic() < begunAt + options.budgetMs;
  const begunAt = clock.monotonic();
  const removed: string[] = [];
  if (!isOwnFolder(root, options.uid)) return removed;
  for (const name of namesIn(root)) {
    if (!isInTime()) break;
    const path = doom(name, options);
    if (path === undefined) continue;
    removed.push(name);
    removeFolder(path, isInTime);
  }
  return removed;
}

/** Renames what may go, so that from then on it is nobody's storage; undefined for what stays. */
function doom(name: string, options: StorageGcOptions): string | undefined {
  const path = join(options.root, name);
  try {
    if (!isOwnFolder(path, options.uid) || !hasMarker(path)) return undefined;
    if (name.startsWith(DOOMED_PREFIX)) return path;
    if (isInUse(name, path, options)) return undefined;
    const doomed = join(options.root, `${DOOMED_PREFIX}${randomUUID()}`);
    fs.renameSync(path, doomed);
    return doomed;
  } catch {
    return undefined; // gone meanwhile, or not ours to touch
  }
}

function isInUse(name: string, path: string, options: StorageGcOptions): boolean {
  const now = options.clock.now();
  if (!(fs.lstatSync(path).mtimeMs < now - KEEP_MS)) return true;
  if (!isSafeChildId(name)) return false;
  const read = readRecord(recordPath(options.fabricDir, name));
  return read.type === "record" && isLive(read.record, now);
}

/** The marker goes last: what is left without it would never be collected. */
function removeFolder(path: string, isInTime: () => boolean): void {
  const names = namesIn(path).filter((name) => name !== STORAGE_MARKER);
  if (names.every((name) => removeTree(join(path, name), isInTime))) {
    removeTree(path, isInTime);
  }
}

/** False if the time was over, or something could not be removed. */
function removeTree(path: string, isInTime: () => boolean): boolean {
  if (!isInTime()) return false;
  try {
    if (!fs.lstatSync(path).isDirectory()) {
      fs.unlinkSync(path);
      return true;
    }
    // Some caches make their folders read-only.
    fs.chmodSync(path, 0o700);
    if (!namesIn(path).every((name) => removeTree(join(path, name), isInTime))) return false;
    fs.rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function isOwnFolder(path: string, uid: number): boolean {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && stat.uid === uid;
}

function hasMarker(path: string): boolean {
  const stat = fs.lstatSync(join(path, STORAGE_MARKER), { throwIfNoEntry: false });
  return stat !== undefined && stat.isFile();
}

function namesIn(path: string): string[] {
  try {
    return fs.readdirSync(path);
  } catch {
    return [];
  }
}
