// Reading the kernel's files under /proc, which the runtime itself refuses to open.
import { cString, type Libc } from "./libc.ts";

const O_CLOEXEC = 0o2000000;
const CHUNK_BYTES = 65_536;
const MAX_BYTES = 16 * 1024 * 1024;

/** One file of /proc, opened once and read anew from its start each time. */
export class ProcFile {
  readonly #libc: Libc;
  readonly #fd: number;

  /** @throws if it cannot be opened. */
  constructor(libc: Libc, path: string) {
    this.#libc = libc;
    this.#fd = libc.open(cString(path), O_CLOEXEC);
    if (this.#fd < 0) throw new Error(`Cannot open ${path}`);
  }

  read(): string {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(CHUNK_BYTES);
    let text = "";
    for (let offset = 0; offset < MAX_BYTES;) {
      const count = Number(this.#libc.pread(this.#fd, buffer, BigInt(CHUNK_BYTES), BigInt(offset)));
      if (count <= 0) break;
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
      offset += count;
    }
    return text + decoder.decode();
  }

  [Symbol.dispose](): void {
    this.#libc.close(this.#fd);
  }
}

/** The file's text; empty when it is not there any more. */
export function readProcFile(libc: Libc, path: string): string {
  try {
    using file = new ProcFile(libc, path);
    return file.read();
  } catch {
    return "";
  }
}
