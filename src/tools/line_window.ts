// Picks a window of lines out of a stream of bytes, in flat memory, while counting all lines.
import { ByteBuffer } from "../base/byte_buffer.ts";

const NEWLINE = 0x0a;
const NUL = 0;

export type LineWindowOptions = {
  /** The first line wanted, from 1. */
  readonly first: number;
  readonly maxLines: number;
  /** At most this many bytes of lines are kept; the line they end in is kept in part. */
  readonly maxBytes: number;
  /** Bytes that each line counts beside its own. */
  readonly bytesPerLine: number;
};

export class LineWindow {
  readonly #options: LineWindowOptions;
  readonly #kept = new ByteBuffer();
  #finished = 0;
  #isMidLine = false;
  #hasNul = false;
  #room: number;
  #isFull = false;
  #isCut = false;

  constructor(options: LineWindowOptions) {
    this.#options = options;
    this.#room = options.maxBytes;
  }

  /** Whether a NUL was among the bytes: no text then. */
  get hasNul(): boolean {
    return this.#hasNul;
  }

  /** How many lines the bytes so far make; one that has not ended counts. */
  get total(): number {
    return this.#finished + (this.#isMidLine ? 1 : 0);
  }

  /** Whether the last kept line is not whole because of `maxBytes`. */
  get isCut(): boolean {
    return this.#isCut;
  }

  push(chunk: Uint8Array): void {
    this.#hasNul ||= chunk.includes(NUL);
    let rest = chunk;
    while (rest.length > 0) {
      const end = rest.indexOf(NEWLINE) + 1;
      const piece = end === 0 ? rest : rest.subarray(0, end);
      this.#keep(piece);
      this.#isMidLine = end === 0;
      if (end > 0) this.#finished++;
      rest = rest.subarray(piece.length);
    }
  }

  /** The wanted lines, without their line ends. */
  lines(): string[] {
    const text = new TextDecoder().decode(this.#kept.filled);
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  #keep(piece: Uint8Array): void {
    const { first, maxLines, bytesPerLine } = this.#options;
    const line = this.#finished + 1;
    if (this.#isFull || line < first || line >= first + maxLines) return;
    const room = this.#room - (this.#isMidLine ? 0 : bytesPerLine);
    this.#isFull = piece.length > room;
    this.#isCut = this.#isFull && (room > 0 || this.#isMidLine);
    if (room > 0) this.#kept.append(piece.subarray(0, room));
    this.#room = room - piece.length;
  }
}
