// The last lines of something endless, by number; earlier ones are dropped.

export type RecentLinesOptions = {
  readonly maxLines: number;
  /** Of all lines together. */
  readonly maxCharacters: number;
};

/** Lines are numbered from 0 on, dropped ones too. */
export class RecentLines {
  readonly #options: RecentLinesOptions;
  readonly #lines: string[] = [];
  /** How many at the front of `#lines` are dropped already. */
  #stale = 0;
  #characters = 0;
  #first = 0;

  constructor(options: RecentLinesOptions) {
    this.#options = options;
  }

  /** The number of the first line that is still there. */
  get first(): number {
    return this.#first;
  }

  /** The number the next line will have. */
  get end(): number {
    return this.#first + this.#count;
  }

  push(line: string): void {
    const { maxLines, maxCharacters } = this.#options;
    this.#lines.push(line);
    this.#characters += line.length;
    while (this.#count > maxLines || this.#characters > maxCharacters) this.#dropFirst();
  }

  /** Those from number `from` on, as far as they are still there. */
  since(from: number): string[] {
    return this.#lines.slice(this.#stale + Math.max(from - this.#first, 0));
  }

  get #count(): number {
    return this.#lines.length - this.#stale;
  }

  #dropFirst(): void {
    this.#characters -= this.#lines[this.#stale]?.length ?? 0;
    this.#lines[this.#stale] = "";
    this.#stale++;
    this.#first++;
    // Moving all lines up for each one dropped would cost more than the lines themselves.
    if (this.#stale <= this.#options.maxLines) return;
    this.#lines.splice(0, this.#stale);
    this.#stale = 0;
  }
}
