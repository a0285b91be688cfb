// The bytes of an HTTP/1.1 answer as they come over a connection, taken in lines and in counts.
import { Buffer } from "node:buffer";
import { ByteBuffer } from "../base/byte_buffer.ts";

/** A connection to a server; disposing it closes it. */
export interface WebConnection extends Disposable {
  /** Resolves with how many bytes were read, null at the end. */
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
}

/** Small, since packed bytes become a thousand times as many. */
const READ_BYTES = 8 * 1024;
const NEWLINE = 0x0a;

export class HttpSource {
  readonly #connection: Pick<WebConnection, "read">;
  readonly #held = new ByteBuffer();
  readonly #into = new Uint8Array(READ_BYTES);

  constructor(connection: Pick<WebConnection, "read">) {
    this.#connection = connection;
  }

  /** The next line without its end; throws at one longer than `most`, and where there is none. */
  async line(most: number): Promise<string> {
    for (;;) {
      const end = this.#held.filled.indexOf(NEWLINE);
      if (end > most || (end === -1 && this.#held.length > most)) {
        throw new RangeError(`Answer has a line of more than ${most} bytes`);
      }
      if (end !== -1) {
        // Byte by byte: a TextDecoder means another encoding by "latin1".
        const line = Buffer.from(this.#held.filled.subarray(0, end)).toString("latin1");
        this.#held.drop(end + 1);
        return line.replace(/\r$/, "");
      }
      if (!await this.#fill()) throw new RangeError("Answer ends early");
    }
  }

  /** The next `count` bytes, as they come. */
  async *take(count: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    for (let left = count; left > 0;) {
      if (this.#held.length === 0 && !await this.#fill()) throw new RangeError("Answer ends early");
      const part = this.#held.filled.slice(0, left);
      this.#held.drop(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** All there still is, until the other side closes. */
  async *rest(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    do {
      const part = this.#held.filled.slice();
      this.#held.clear();
      if (part.length > 0) yield part;
    } while (await this.#fill());
  }

  async #fill(): Promise<boolean> {
    const count = await this.#connection.read(this.#into).catch(endOfTls);
    if (count !== null) this.#held.append(this.#into.subarray(0, count));
    return count !== null;
  }
}

/** Many servers end a TLS connection without saying so first. */
function endOfTls(thrown: unknown): null {
  if (thrown instanceof Error && thrown.name === "UnexpectedEof") return null;
  throw thrown;
}
