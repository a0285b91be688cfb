// Puts new bytes in the place of a file, all of them or none: a finished file beside it is renamed
// over it. What fails leaves nothing behind.
import { constants, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { WorkerError } from "../core/errors.ts";
import { shown } from "./path_text.ts";
import type { Roots } from "./roots.ts";
import { isSameFile } from "./same_file.ts";
import { type FileStamp, isSameState, stampOf } from "./session_files.ts";
import { findWriteTarget, type WriteTarget } from "./write_target.ts";

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const OLD_FILE = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
const DEFAULT_MODE = 0o666;
const PERMISSION_BITS = 0o777;
/** Leaves room for the rest of the temporary name in a name of 255 bytes. */
const MAX_NAME_CHARACTERS = 40;

/** Returns the state of the new file. Rejects with a WorkerError or what the file system threw. */
export async function replaceFile(
  target: WriteTarget,
  bytes: Uint8Array,
  options: { readonly roots: Roots; readonly signal: AbortSignal },
): Promise<FileStamp> {
  if (target.isAlone) return await overwrite(target, bytes);
  const made: string[] = [];
  try {
    for (const folder of target.missingFolders) {
      await mkdir(folder);
      made.unshift(folder);
    }
    return await writeBeside(target, bytes, options);
  } catch (thrown) {
    for (const folder of made) {
      await rmdir(folder).catch(() => {}); // somebody else may have put something in it
    }
    throw thrown;
  }
}

async function writeBeside(
  target: WriteTarget,
  bytes: Uint8Array,
  { roots, signal }: { readonly roots: Roots; readonly signal: AbortSignal },
): Promise<FileStamp> {
  const name = basename(target.path).slice(0, MAX_NAME_CHARACTERS);
  const unique = `.${name}.sheath-${crypto.randomUUID()}.tmp`;
  const temporary = join(dirname(target.path), unique);
  const handle = await open(temporary, NEW_FILE, DEFAULT_MODE);
  try {
    const filled = await fill(handle, bytes, target.found?.info);
    await demandUnchanged(target, roots);
    signal.throwIfAborted();
    if (!isSameFile(temporary, filled)) throw changed(target);
    await rename(temporary, target.path);
    return stampOf(filled);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

async function fill(
  handle: FileHandle,
  bytes: Uint8Array,
  like: Stats | undefined,
): Promise<Stats> {
  try {
    await handle.writeFile(bytes);
    if (like) await handle.chmod(like.mode & PERMISSION_BITS);
    await handle.sync();
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

/** The whole judgement again: much can happen while bytes are written. */
async function demandUnchanged(target: WriteTarget, roots: Roots): Promise<void> {
  const now = await findWriteTarget(target.path, roots);
  const before = target.found && stampOf(target.found.info);
  const after = now.found && stampOf(now.found.info);
  const isUnchanged = before && after ? isSameState(before, after) : before === after;
  if (!isUnchanged) throw changed(target);
}

/** For a file that was granted by its name: nothing may be made beside it. */
async function overwrite(target: WriteTarget, bytes: Uint8Array): Promise<FileStamp> {
  const handle = await open(target.path, OLD_FILE);
  try {
    const opened = stampOf(await handle.stat());
    if (!target.found || !isSameState(opened, stampOf(target.found.info))) throw changed(target);
    await handle.truncate(0);
    await handle.writeFile(bytes);
    await handle.sync();
    return stampOf(await handle.stat());
  } finally {
    await handle.close();
  }
}

function changed({ path }: WriteTarget): WorkerError {
  const line = `Cannot write ${
    shown(path)
  }: it was changed by somebody else just now; Read it again`;
  return new WorkerError("refused", line);
}
