// Cuts a stream of bytes into lines of UTF-8 text; leaves what stands in them to the caller.
import { ByteBuffer } from "./byte_buffer.ts";

const NEWLINE = 0x0a;

/** Lines end with "\n" and come without it; what follows the last "\n" waits for more bytes. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #held = new ByteBuffer();

  constructor(options: { readonly maxBytes: number }) {
    this.#maxBytes = options.maxBytes;
  }

  /**
   * The lines that `chunk` completes. Throws a RangeError at a line over the limit, as soon as it
   * is over, and a TypeError at one that is no UTF-8; it must not be used after that.
   */
  *push(chunk: Uint8Array): Generator<string> {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      this.#checkLength(end);
      yield this.#complete(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    this.#checkLength(rest.length);
    this.#held.append(rest);
  }

  #complete(last: Uint8Array): string {
    if (this.#held.length === 0) return this.#decoder.decode(last);
    this.#held.append(last);
    const line = this.#decoder.decode(this.#held.filled);
    this.#held.clear();
    return line;
  }

  #checkLength(more: number): void {
    if (this.#held.length + more <= this.#maxBytes) return;
    throw new RangeError(`Cannot split lines: line exceeds ${this.#maxBytes} bytes`);
  }
}
