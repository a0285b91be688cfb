// Puts protected files and folders back as they were recorded. Follows no link: what stands in the
// place of a folder is removed before anything is written below it.
import { closeSync, constants, fchmodSync, openSync, writeSync } from "node:fs";
import { isMissing } from "./file_error.ts";
import {
  isSame,
  look,
  namesIn,
  type ProtectedNode,
  readBytes,
  type Stamp,
  stampOf,
} from "./protected_node.ts";
import { type Scope, scopeOf } from "./protected_scope.ts";

export type Restored = {
  /** Absolute. */
  readonly path: string;
  /** False: it was changed, and is so still. */
  readonly isRestored: boolean;
};

type Folder = ProtectedNode & { readonly type: "folder" };
type File = ProtectedNode & { readonly type: "file" };

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const OLD_FILE = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

const MODE_BITS = 0o7777;
const OWNER = 0o700;

export class Restorer {
  readonly #nowMs: number;
  readonly #restored: Restored[] = [];
  /** Above zero while all of a folder is put back: the folder alone is told. */
  #quiet = 0;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** What was put back so far, or could not be. */
  get restored(): readonly Restored[] {
    return this.#restored;
  }

  /** Returns the node as it stands now. Never throws: what fails is told as not restored. */
  restore(path: string, scope: Scope, was: ProtectedNode | undefined): ProtectedNode | undefined {
    const work = () => was ? this.#putBack(path, scope, was) : this.#removeNew(path, scope);
    return this.attempt(path, work) ?? was;
  }

  /** Does work on a path; what the file system will not have is told as not restored. */
  attempt<Value>(path: string, work: () => Value): Value | undefined {
    try {
      return work();
    } catch {
      this.#restored.push({ path, isRestored: false });
      return undefined;
    }
  }

  #putBack(path: string, scope: Scope, was: ProtectedNode): ProtectedNode {
    switch (was.type) {
      case "folder":
        return this.#putBackFolder(path, scope, was);
      case "file":
        return this.#putBackFile(path, was);
      case "link": {
        const now = look(path);
        if (now?.isSymlink && Deno.readLinkSync(path) === was.target) return was;
        if (now) removeAll(path, now);
        Deno.symlinkSync(was.target, path);
        this.#tell(path);
        return was;
      }
      case "other": {
        const now = look(path);
        if (now && stampOf(now, this.#nowMs).ino === was.stamp.ino) return was;
        if (now) removeAll(path, now);
        throw new TypeError(`Cannot make ${path} anew: it was no file, folder or link`);
      }
    }
  }

  /** What was not there is not to be; but a repository may be made, without what git trusts. */
  #removeNew(path: string, scope: Scope): undefined {
    const now = look(path);
    if (!now || (scope === "nested" && now.isFile)) return undefined;
    if (now.isDirectory && scope !== "whole") {
      openFolder(path, now);
      for (const name of namesIn(path, scope)) this.#below(path, scope, name, undefined);
      return undefined;
    }
    removeAll(path, now);
    this.#tell(path);
    return undefined;
  }

  #putBackFolder(path: string, scope: Scope, was: Folder): ProtectedNode {
    const now = look(path);
    if (now?.isDirectory) return this.#putBackChildren(path, scope, was, stampOf(now, this.#nowMs));
    if (now) removeAll(path, now);
    Deno.mkdirSync(path);
    this.#tell(path);
    this.#quiet++;
    const { children } = this.#putBackChildren(path, scope, was, undefined);
    this.#quiet--;
    Deno.chmodSync(path, was.stamp.mode);
    return { ...was, children, stamp: this.#stampAt(path) };
  }

  #putBackChildren(
    path: string,
    scope: Scope,
    was: Folder,
    now: Stamp | undefined,
  ): Folder {
    if (now && now.mode !== was.stamp.mode) {
      Deno.chmodSync(path, was.stamp.mode); // see openFolder
      this.#tell(path);
    }
    const isKnown = now && was.stamp.isSettled && isSame(was.stamp, now);
    const found = isKnown || was.isPartial ? [] : namesIn(path, scope);
    const children = new Map<string, ProtectedNode>();
    for (const name of new Set([...was.children.keys(), ...found])) {
      const child = this.#below(path, scope, name, was.children.get(name));
      if (child) children.set(name, child);
    }
    return isKnown ? { ...was, children } : { ...was, children, stamp: this.#stampAt(path) };
  }

  #below(
    folder: string,
    scope: Scope,
    name: string,
    was: ProtectedNode | undefined,
  ): ProtectedNode | undefined {
    const below = scopeOf(name, scope);
    return below && this.restore(`${folder}/${name}`, below, was);
  }

  #putBackFile(path: string, was: File): ProtectedNode {
    const now = look(path);
    const stamp = now?.isFile ? stampOf(now, this.#nowMs) : undefined;
    if (stamp && isSame(stamp, was.stamp) && (was.stamp.isSettled || !was.bytes)) return was;
    if (!was.bytes) {
      this.#restored.push({ path, isRestored: false });
      return stamp ? { ...was, stamp } : was;
    }
    const isWhole = stamp?.size === was.bytes.length && holds(path, was.bytes);
    if (isWhole && stamp.mode === was.stamp.mode) return { ...was, stamp };
    if (isWhole) {
      setMode(path, was.stamp.mode);
    } else {
      if (now) removeAll(path, now);
      writeNew(path, was.bytes, was.stamp.mode);
    }
    this.#tell(path);
    return { ...was, stamp: this.#stampAt(path) };
  }

  #stampAt(path: string): Stamp {
    return stampOf(Deno.lstatSync(path), this.#nowMs);
  }

  #tell(path: string): void {
    if (this.#quiet === 0) this.#restored.push({ path, isRestored: true });
  }
}

function holds(path: string, bytes: Uint8Array): boolean {
  const now = readBytes(path, bytes.length + 1);
  return now.length === bytes.length && now.every((byte, index) => byte === bytes[index]);
}

function writeNew(path: string, bytes: Uint8Array, mode: number): void {
  const file = openSync(path, NEW_FILE, 0o600);
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}

function setMode(path: string, mode: number): void {
  const file = openSync(path, OLD_FILE);
  try {
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}

/** A link goes, not what it leads to. Folders that were closed to their owner are opened first. */
function removeAll(path: string, info: Deno.FileInfo): void {
  if (info.isDirectory) openUp(path);
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
}

/** Whether its owner cannot list, change or enter it. */
export function isClosed(mode: number): boolean {
  return (mode & OWNER) !== OWNER;
}

/** Lets its owner list, change and enter it again. `info` tells that it is a folder. */
export function openFolder(path: string, { mode }: Deno.FileInfo): void {
  // By name, as a folder that is closed cannot be opened. A link that is put there at this very
  // moment leads to nothing whose mode its maker could not change himself.
  if (isClosed(mode ?? 0)) Deno.chmodSync(path, ((mode ?? 0) & MODE_BITS) | OWNER);
}

function openUp(folder: string): void {
  openFolder(folder, Deno.lstatSync(folder));
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) openUp(`${folder}/${name}`);
  }
}
