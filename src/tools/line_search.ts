// Finds the lines of a text that a pattern matches, in turns, however long that takes.
import type { Pace } from "./pace.ts";
import { type PatternMatch, PatternMatcher, type PatternOptions } from "./pattern_matcher.ts";

export type SearchedText = {
  readonly lines: readonly string[];
  /** Indexes of the lines that match, in order; not all of them if the pace was over first. */
  readonly matched: readonly number[];
};

export class LineSearch {
  readonly #matcher: PatternMatcher;
  readonly #isMultiline: boolean;
  readonly #pace: Pace;

  /** @throws WorkerError `bad_input` for a pattern that cannot be used. */
  constructor(pattern: string, { pace, ...options }: PatternOptions & { readonly pace: Pace }) {
    this.#matcher = new PatternMatcher(pattern, options);
    this.#isMultiline = options.isMultiline;
    this.#pace = pace;
  }

  /** Stops after `limit` lines. Rejects with the abort reason. */
  async search(text: string, limit: number): Promise<SearchedText> {
    const lines = linesOf(text);
    const matched = this.#isMultiline
      ? await this.#searchWhole(text, limit)
      : await this.#searchEach(lines, limit);
    return { lines, matched: matched.filter((line) => line < lines.length) };
  }

  async #searchEach(lines: readonly string[], limit: number): Promise<readonly number[]> {
    const matched: number[] = [];
    for (const [index, line] of lines.entries()) {
      if (matched.length >= limit || this.#pace.isOver) break;
      if (this.#pace.isDue) await this.#pace.rest();
      if (await this.#find(line, 0)) matched.push(index);
    }
    return matched;
  }

  async #searchWhole(text: string, limit: number): Promise<readonly number[]> {
    const matched = new Set<number>();
    const cursor = new LineCursor(text);
    for (let from = 0; matched.size < limit && from <= text.length;) {
      if (this.#pace.isDue) await this.#pace.rest();
      const match = await this.#find(text, from);
      if (!match) break;
      const first = cursor.lineAt(match.start);
      const last = cursor.lineAt(Math.max(match.end - 1, match.start));
      for (let line = first; line <= last && matched.size < limit; line++) matched.add(line);
      from = Math.max(match.end, match.start + 1);
    }
    return [...matched];
  }

  async #find(text: string, from: number): Promise<PatternMatch | undefined> {
    const search = this.#matcher.find(text, from, { isAnyEnough: !this.#isMultiline });
    let turn = search.next();
    while (!turn.done) {
      if (this.#pace.isDue) await this.#pace.rest();
      if (this.#pace.isOver) return undefined;
      turn = search.next();
    }
    return turn.value;
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
