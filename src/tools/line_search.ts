// Finds the lines of a text that a pattern matches, in turns, however long that takes.
import type { LinearPattern } from "./linear_pattern.ts";
import type { Pace } from "./pace.ts";

export type SearchedText = {
  readonly lines: readonly string[];
  /** Indexes of the lines that match, in order; not all of them if the pace was over first. */
  readonly matched: readonly number[];
  /** How many lines, or whether the whole, are too long to be searched for this pattern. */
  readonly tooLong: number;
};

export type LineSearchOptions = {
  /** Whether a match may span lines. */
  readonly isMultiline: boolean;
  readonly pace: Pace;
};

type Found = Omit<SearchedText, "lines">;

export class LineSearch {
  readonly #pattern: LinearPattern;
  readonly #isMultiline: boolean;
  readonly #pace: Pace;

  constructor(pattern: LinearPattern, { isMultiline, pace }: LineSearchOptions) {
    this.#pattern = pattern;
    this.#isMultiline = isMultiline;
    this.#pace = pace;
  }

  /** False only if a search of the text would find nothing; much faster than one. */
  mayFind(text: string): boolean {
    return this.#pattern.mayMatch(text);
  }

  /** Stops after `limit` lines. A line ends with LF or CRLF. Rejects with the abort reason. */
  async search(text: string, limit: number): Promise<SearchedText> {
    const plain = text.replaceAll("\r\n", "\n");
    const lines = linesOf(plain);
    const { matched, tooLong } = this.#isMultiline
      ? await this.#searchWhole(plain, limit)
      : await this.#searchEach(lines, limit);
    return { lines, matched: matched.filter((line) => line < lines.length), tooLong };
  }

  async #searchEach(lines: readonly string[], limit: number): Promise<Found> {
    const matched: number[] = [];
    let tooLong = 0;
    for (const [index, line] of lines.entries()) {
      if (matched.length >= limit || this.#pace.isOver) break;
      if (this.#pace.isDue) await this.#pace.rest();
      if (!this.#pattern.mayMatch(line)) continue;
      if (!this.#pattern.takes(line)) tooLong++;
      else if (this.#pattern.matches(line)) matched.push(index);
    }
    return { matched, tooLong };
  }

  async #searchWhole(text: string, limit: number): Promise<Found> {
    if (!this.#pattern.takes(text)) return { matched: [], tooLong: 1 };
    const matched = new Set<number>();
    const cursor = new LineCursor(text);
    for (let from = 0; matched.size < limit && from <= text.length;) {
      if (this.#pace.isDue) await this.#pace.rest();
      const match = this.#pace.isOver ? undefined : this.#pattern.find(text, from);
      if (!match) break;
      const first = cursor.lineAt(match.start);
      const last = cursor.lineAt(Math.max(match.end - 1, match.start));
      for (let line = first; line <= last && matched.size < limit; line++) matched.add(line);
      from = Math.max(match.end, match.start + 1);
    }
    return { matched: [...matched], tooLong: 0 };
  }
}

/** Tells lines from places that only grow. */
class LineCursor {
  readonly #text: string;
  #line = 0;
  #end: number;

  constructor(text: string) {
    this.#text = text;
    this.#end = this.#nextEnd(0);
  }

  lineAt(place: number): number {
    while (place > this.#end) {
      this.#line++;
      this.#end = this.#nextEnd(this.#end + 1);
    }
    return this.#line;
  }

  #nextEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end === -1 ? this.#text.length : end;
  }
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
