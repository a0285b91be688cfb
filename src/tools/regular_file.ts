// A regular file opened for reading: judged before it is opened, and again once it is, so that
// neither a pipe nor a link that is swapped in between makes a reader wait or leads it out.
import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { WorkerError } from "../core/errors.ts";
import { withFileErrors } from "./file_error.ts";
import { type FoundPath, kindOf } from "./found_path.ts";
import { shown } from "./path_text.ts";
import type { Roots } from "./roots.ts";
import { isSameFile } from "./same_file.ts";
import { type FileStamp, stampOf } from "./session_files.ts";

const CHUNK_BYTES = 256 * 1024;

/** Without waiting for a writer (pipe) and without following a link. */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

export class RegularFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  /** The real path. */
  readonly path: string;
  /** The state it was opened in. */
  readonly stamp: FileStamp;
  readonly mode: number;

  private constructor(handle: FileHandle, path: string, opened: Stats) {
    this.#handle = handle;
    this.path = path;
    this.stamp = stampOf(opened);
    this.mode = opened.mode;
  }

  /** @throws WorkerError `refused` unless it is a regular file, the one that was found. */
  static async open(found: FoundPath, roots: Roots): Promise<RegularFile> {
    if (!found.info.isFile()) throw notRegular(found, kindOf(found.info));
    return await withFileErrors({ access: "read", path: found.named, roots }, async () => {
      const handle = await open(found.path, READ_ONLY);
      try {
        return new RegularFile(handle, found.path, await judge(handle, found));
      } catch (thrown) {
        await handle.close();
        throw thrown;
      }
    });
  }

  /** Its bytes from the start, at most `maxBytes`; a chunk is good only until the next one. */
  async *chunks(maxBytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(maxBytes, 1)));
    for (let position = 0; position < maxBytes;) {
      signal.throwIfAborted();
      const wanted = Math.min(buffer.length, maxBytes - position);
      const { bytesRead } = await this.#handle.read(buffer, 0, wanted, position);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  }

  /** All its bytes. @throws WorkerError `refused` if there are more than `maxBytes`. */
  async bytes(maxBytes: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { size } = this.stamp;
    if (size > maxBytes) throw tooLarge(this.path, size, maxBytes);
    const bytes = new Uint8Array(size + 1);
    let length = 0;
    for await (const chunk of this.chunks(bytes.length, signal)) {
      bytes.set(chunk, length);
      length += chunk.length;
    }
    if (length > size) throw tooLarge(this.path, length, size);
    return bytes.subarray(0, length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

async function judge(handle: FileHandle, found: FoundPath): Promise<Stats> {
  const opened = await handle.stat();
  if (!opened.isFile()) throw notRegular(found, kindOf(opened));
  const isFound = opened.dev === found.info.dev && opened.ino === found.info.ino;
  if (isFound && isSameFile(found.path, opened)) return opened;
  throw notRegular(found, "another file than a moment ago");
}

function notRegular({ named }: FoundPath, what: string): WorkerError {
  const line = `Cannot read ${shown(named)}: it is ${what}, expected a regular file`;
  return new WorkerError("refused", line);
}

function tooLarge(path: string, size: number, maxBytes: number): WorkerError {
  const line = `Cannot read ${shown(path)}: file is ${size} bytes, expected at most ${maxBytes}`;
  return new WorkerError("refused", line);
}
