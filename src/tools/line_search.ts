// Finds the lines of a text that a pattern matches, in time that no pattern and no text can blow up.
import { linearPattern } from "./linear_pattern.ts";
import type { Pace } from "./pace.ts";

/** Of a longer line only so much is searched. */
export const MAX_LINE_CHARACTERS = 10_000;
/** Pattern size times text length that one uninterrupted match may have to go through: about 2 s. */
const MAX_STEPS = 50_000_000;
/**
 * Matches nothing, everywhere, and makes the source longer than V8 optimizes (20 KiB): its
 * optimizer takes time that doubles with every few optional parts (`a?a?a?…`). Matching is hardly
 * slower without it.
 */
const UNOPTIMIZED = "(?:)".repeat(5200);

export type LineSearchOptions = {
  readonly ignoreCase: boolean;
  /** Matches may span lines; `.` matches line ends too. */
  readonly isMultiline: boolean;
  readonly pace: Pace;
};

export type SearchedText = {
  readonly lines: readonly string[];
  /** Indexes of the lines that match, in order. */
  readonly matched: readonly number[];
};

export class LineSearch {
  readonly #expression: RegExp;
  readonly #size: number;
  readonly #isMultiline: boolean;
  readonly #pace: Pace;

  /** @throws WorkerError `bad_input` for a pattern that cannot be used. */
  constructor(pattern: string, { ignoreCase, isMultiline, pace }: LineSearchOptions) {
    const { source, size } = linearPattern(pattern, ignoreCase);
    this.#expression = new RegExp(UNOPTIMIZED + source, isMultiline ? "gms" : "");
    this.#size = size;
    this.#isMultiline = isMultiline;
    this.#pace = pace;
  }

  /** Whether a text of this many characters can be searched with this pattern. */
  takes(length: number): boolean {
    return !this.#isMultiline || length * this.#size <= MAX_STEPS;
  }

  /** Stops after `limit` lines. Rejects with the abort reason. */
  async search(text: string, limit: number): Promise<SearchedText> {
    const lines = linesOf(text);
    const matched = this.#isMultiline
      ? await this.#searchWhole(text, { lines, limit })
      : await this.#searchEach(lines, limit);
    return { lines, matched };
  }

  async #searchEach(lines: readonly string[], limit: number): Promise<number[]> {
    const matched: number[] = [];
    for (const [index, line] of lines.entries()) {
      if (matched.length >= limit) break;
      if (this.#pace.isDue) await this.#pace.rest();
      if (this.#expression.test(line.slice(0, MAX_LINE_CHARACTERS))) matched.push(index);
    }
    return matched;
  }

  async #searchWhole(
    text: string,
    { lines, limit }: { readonly lines: readonly string[]; readonly limit: number },
  ): Promise<number[]> {
    const matched = new Set<number>();
    const cursor = new LineCursor(text);
    this.#expression.lastIndex = 0;
    while (matched.size < limit) {
      if (this.#pace.isDue) await this.#pace.rest();
      const match = this.#expression.exec(text);
      if (!match) break;
      const first = cursor.lineAt(match.index);
      const last = cursor.lineAt(match.index + Math.max(match[0].length - 1, 0));
      for (let line = first; line <= last && matched.size < limit; line++) matched.add(line);
      if (match[0] === "") this.#expression.lastIndex++;
    }
    return [...matched].filter((line) => line < lines.length);
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
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}
