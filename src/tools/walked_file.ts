// A file of a walk, opened and read at once, step by step without a promise: a search of many
// files has most of its time from that. Who tells what is in it asks first whether it is genuine.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { isSameFile } from "./same_file.ts";

/** Without waiting for a writer (pipe); Deno may have followed a link before. */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
const FIRST_BYTES = 64 * 1024;

export class WalkedFile implements Disposable {
  readonly #descriptor: number;
  readonly #path: string;

  private constructor(descriptor: number, path: string) {
    this.#descriptor = descriptor;
    this.#path = path;
  }

  /** Undefined if it is gone since it was found, or not ours to read. */
  static open(path: string): WalkedFile | undefined {
    try {
      return new WalkedFile(openSync(path, READ_ONLY), path);
    } catch {
      return undefined;
    }
  }

  /**
   * Puts all that is in it into `buffer`, of 64 KiB at least, and says how many bytes that are: the
   * buffer's length for a file that has as many or more, which need not be read. Undefined if it
   * cannot be read; reading at a place takes nothing from a pipe.
   */
  read(buffer: Uint8Array): number | undefined {
    try {
      const first = readSync(this.#descriptor, buffer, 0, FIRST_BYTES, 0);
      if (first < FIRST_BYTES) return first;
      const { size } = fstatSync(this.#descriptor);
      return size >= buffer.length ? buffer.length : this.#readOn(buffer, first);
    } catch {
      return undefined;
    }
  }

  /** Whether what was read is a regular file and the one that the path names, with no link in it. */
  get isGenuine(): boolean {
    try {
      const opened = fstatSync(this.#descriptor);
      return opened.isFile() && isSameFile(this.#path, opened);
    } catch {
      return false;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  #readOn(buffer: Uint8Array, start: number): number {
    for (let length = start; length < buffer.length;) {
      const read = readSync(this.#descriptor, buffer, length, buffer.length - length, length);
      if (read === 0) return length;
      length += read;
    }
    return buffer.length;
  }
}
