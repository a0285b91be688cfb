// A regular expression of the model's, matched by RE2 in linear time: its limits and refusals.
import { RE2JS, RE2JSSyntaxException } from "re2js";
import { badInput } from "./input.ts";
import { requiredText } from "./required_text.ts";

export type PatternMatch = { readonly start: number; readonly end: number };

export type PatternOptions = {
  readonly ignoreCase: boolean;
  /** `^` and `$` match at every line, `.` matches line ends too. */
  readonly isMultiline: boolean;
};

const MAX_LENGTH = 1000;
/** What a pattern may stand for once its repeats are written out, in RE2's instructions. */
const MAX_STEPS = 10_000;
/** Characters times steps of one search: nobody else gets a turn for as long, 1 to 2 s at worst. */
const MAX_WORK = 64 * 1024 * 1024;

export class LinearPattern {
  readonly #expression: RE2JS;
  readonly #maxLength: number;
  readonly #required: RegExp | undefined;

  /** @throws WorkerError `bad_input` naming what cannot be used. */
  constructor(pattern: string, options: PatternOptions) {
    if (pattern.length > MAX_LENGTH) {
      throw problem(`expected at most ${MAX_LENGTH} characters, got ${pattern.length}`);
    }
    this.#expression = compiled(pattern, options);
    const steps = this.#expression.programSize();
    if (steps > MAX_STEPS) {
      throw problem(`stands for ${steps} steps, expected at most ${MAX_STEPS}; repeat less`);
    }
    this.#maxLength = Math.floor(MAX_WORK / steps);
    this.#required = requiredText(pattern, options);
  }

  /**
   * False only if no match is in the text, as a whole or in a line of it; soon known for a text of
   * any length. Line ends may still be CRLF.
   */
  mayMatch(text: string): boolean {
    return this.#required?.test(text) ?? true;
  }

  /** Whether one search of the text ends soon enough, whatever it holds. */
  takes(text: string): boolean {
    return text.length <= this.#maxLength;
  }

  /** Whether there is a match; much faster than finding where. */
  matches(text: string): boolean {
    return this.#expression.test(text);
  }

  /** The first match from `from` on. */
  find(text: string, from: number): PatternMatch | undefined {
    const matcher = this.#expression.matcher(text);
    return matcher.find(from) ? { start: matcher.start(), end: matcher.end() } : undefined;
  }
}

function compiled(pattern: string, { ignoreCase, isMultiline }: PatternOptions): RE2JS {
  const flags = (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (isMultiline ? RE2JS.MULTILINE | RE2JS.DOTALL : 0);
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw problem(reasonOf(error, pattern));
    throw error;
  }
}

const UNSUPPORTED: readonly (readonly [start: RegExp, name: string])[] = [
  [/^\(\?<?[=!]/, "look-around"],
  [/^\\[1-9k]/, "a back reference"],
];

function reasonOf(error: RE2JSSyntaxException, pattern: string): string {
  const place = error.getPattern() ?? "";
  const known = UNSUPPORTED.find(([start]) => start.test(place));
  if (known) return `has ${known[1]}, which is not supported`;
  const isWhole = place.endsWith(pattern); // RE2 may have put our flags before it
  return place === "" || isWhole ? error.error : `${error.error}: ${place.slice(0, 60)}`;
}

function problem(what: string): Error {
  return badInput("pattern", what);
}
