// Protected files and folders as they were at one moment, with what it takes to put them back.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { isMissing } from "./file_error.ts";
import { inRecordOrder, type Scope, scopeOf } from "./protected_scope.ts";

export type Stamp = {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mode: number;
  readonly modifiedMs: number;
  /** Cannot be set by a program; the runtime tells whole seconds. */
  readonly changedMs: number;
  readonly bornMs: number;
  /** Whether no later change can hide behind the same stamp. */
  readonly isSettled: boolean;
};

export type ProtectedNode =
  | {
    readonly type: "folder";
    readonly stamp: Stamp;
    readonly children: ReadonlyMap<string, ProtectedNode>;
    /** More is in it than was recorded. */
    readonly isPartial: boolean;
  }
  /** Without `bytes` a change is seen and cannot be undone. */
  | { readonly type: "file"; readonly stamp: Stamp; readonly bytes: Uint8Array | undefined }
  | { readonly type: "link"; readonly stamp: Stamp; readonly target: string }
  | { readonly type: "other"; readonly stamp: Stamp };

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 5_000;
const MAX_NODES = 20_000;
const MODE_BITS = 0o7777;
/** A second as the stamp counts, and one more for what the file system rounds. */
const SETTLED_MS = 2_000;
/** Without waiting for a writer (pipe) and without following a link. */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** What is at `path` itself, links not followed; undefined if nothing is. Throws why it is unknown. */
export function look(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

export function stampOf(info: Deno.FileInfo, nowMs: number): Stamp {
  const changedMs = info.ctime?.getTime() ?? nowMs;
  return {
    dev: info.dev,
    ino: info.ino ?? 0,
    size: info.size,
    mode: (info.mode ?? 0) & MODE_BITS,
    modifiedMs: info.mtime?.getTime() ?? 0,
    changedMs,
    bornMs: info.birthtime?.getTime() ?? 0,
    isSettled: nowMs - changedMs >= SETTLED_MS,
  };
}

/** Whether nothing happened to it since, as far as its stamp tells. */
export function isSame(a: Stamp, b: Stamp): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mode === b.mode &&
    a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs && a.bornMs === b.bornMs;
}

/** At most `maxBytes` of a regular file. Throws at a link and what the file system throws. */
export function readBytes(path: string, maxBytes: number): Uint8Array {
  const file = openSync(path, READ_ONLY);
  try {
    if (!fstatSync(file).isFile()) throw new TypeError(`Cannot read ${path}: not a regular file`);
    const bytes = new Uint8Array(maxBytes);
    let length = 0;
    for (let count = -1; count !== 0 && length < maxBytes; length += count) {
      count = readSync(file, bytes, length, maxBytes - length, length);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Records nodes of one moment, within bounds that hold for all of them together. */
export class NodeRecorder {
  readonly #nowMs: number;
  #bytesLeft = MAX_BYTES;
  #filesLeft = MAX_FILES;
  #nodesLeft = MAX_NODES;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** Whether nothing more is recorded. */
  get isFull(): boolean {
    return this.#nodesLeft <= 0;
  }

  /**
   * Undefined if nothing is there, or nothing that is kept. `last` spares what did not change.
   * What cannot be read is recorded without what would put it back.
   */
  record(path: string, scope: Scope, last: ProtectedNode | undefined): ProtectedNode | undefined {
    const info = this.isFull ? undefined : look(path);
    if (!info || (scope === "nested" && info.isFile)) return undefined;
    this.#nodesLeft--;
    const stamp = stampOf(info, this.#nowMs);
    const known = last?.stamp.isSettled && isSame(last.stamp, stamp) ? last : undefined;
    if (info.isDirectory) return this.#recordFolder(path, scope, { stamp, last, known });
    if (info.isFile) return this.#recordFile(path, stamp, known);
    return known ?? readable(() => linkAt(path, info, stamp)) ?? { type: "other", stamp };
  }

  #recordFolder(
    path: string,
    scope: Scope,
    { stamp, last, known }: {
      readonly stamp: Stamp;
      readonly last: ProtectedNode | undefined;
      readonly known: ProtectedNode | undefined;
    },
  ): ProtectedNode {
    const before = last?.type === "folder" ? last.children : undefined;
    const names = known?.type === "folder" && !known.isPartial
      ? known.children.keys()
      : readable(() => namesIn(path, scope));
    const children = new Map<string, ProtectedNode>();
    for (const name of inRecordOrder(names ?? [], scope)) {
      const below = scopeOf(name, scope);
      const child = below && this.record(`${path}/${name}`, below, before?.get(name));
      if (child) children.set(name, child);
    }
    return { type: "folder", stamp, children, isPartial: this.isFull || !names };
  }

  #recordFile(path: string, stamp: Stamp, known: ProtectedNode | undefined): ProtectedNode {
    const isKept = this.#filesLeft > 0 && stamp.size <= this.#bytesLeft;
    if (!isKept) return { type: "file", stamp, bytes: undefined };
    this.#filesLeft--;
    this.#bytesLeft -= stamp.size;
    if (known?.type === "file" && known.bytes) return known;
    return { type: "file", stamp, bytes: readable(() => readBytes(path, stamp.size)) };
  }
}

/** The names in a folder of which something is kept. */
export function namesIn(path: string, scope: Scope): string[] {
  const names: string[] = [];
  for (const { name } of Deno.readDirSync(path)) {
    if (scopeOf(name, scope) !== undefined) names.push(name);
  }
  return names;
}

function linkAt(path: string, info: Deno.FileInfo, stamp: Stamp): ProtectedNode | undefined {
  if (!info.isSymlink) return undefined;
  return { type: "link", stamp, target: Deno.readLinkSync(path) };
}

/** Undefined where the system does not let us, or it is gone meanwhile. */
function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined; // told as "could not be restored" should it change
  }
}
