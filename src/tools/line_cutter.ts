// Cuts text that comes in pieces into lines, each of bounded length.

/** Of one line of a program's output, in characters. */
export const MAX_LINE = 4_000;

export class LineCutter {
  readonly #maxLength: number;
  #line = "";
  #left = 0;

  /** What a line has more than `maxLength` characters is left out, and said so. */
  constructor({ maxLength }: { readonly maxLength: number }) {
    this.#maxLength = maxLength;
  }

  /** The lines that `text` completes, without their ends (LF or CRLF). */
  push(text: string): string[] {
    const [first = "", ...rest] = text.split("\n");
    this.#extend(first);
    return rest.map((next) => {
      const line = this.#take();
      this.#extend(next);
      return line;
    });
  }

  /** The last line, where its end never came. */
  end(): string[] {
    return this.#line === "" ? [] : [this.#take()];
  }

  #extend(text: string): void {
    const room = this.#maxLength - this.#line.length;
    this.#line += text.slice(0, room);
    this.#left += Math.max(text.length - room, 0);
  }

  #take(): string {
    const more = this.#left === 0 ? "" : ` [… ${this.#left} more characters]`;
    const line = this.#line.replace(/\r$/, "") + more;
    this.#line = "";
    this.#left = 0;
    return line;
  }
}
