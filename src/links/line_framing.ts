// Newline-delimited JSON: one text a line. JSON text never holds a raw newline, so nothing is escaped.
import type { ByteBuffer } from "../base/byte_buffer.ts";
import { LineSplitter } from "../base/lines.ts";
import { WorkerError } from "../core/errors.ts";
import type { Framing } from "./framing.ts";
import { MAX_MESSAGE_BYTES } from "../protocol/limits.ts";
import { Utf8Encoder } from "./utf8.ts";

const NEWLINE = new Uint8Array([0x0a]);

export class LineFraming implements Framing {
  readonly #lines = new LineSplitter({ maxBytes: MAX_MESSAGE_BYTES });
  readonly #utf8 = new Utf8Encoder();
  /** There is no goodbye on such a stream but its end. */
  readonly isOver = false;

  read(chunk: Uint8Array): Iterable<string> {
    return this.#lines.push(chunk);
  }

  write(text: string, out: ByteBuffer): void {
    const bytes = this.#utf8.encode(text);
    if (bytes.length > MAX_MESSAGE_BYTES) {
      const why = `frame is ${bytes.length} bytes, expected at most ${MAX_MESSAGE_BYTES}`;
      throw new WorkerError("limit", `Cannot send: ${why}`);
    }
    out.append(bytes);
    out.append(NEWLINE);
  }

  end(): void {}
}
