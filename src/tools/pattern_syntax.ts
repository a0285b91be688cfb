// Regular expressions as a model writes them, read into a tree: JavaScript's syntax without what
// cannot be matched in linear time (look-around, back references), and strict where JavaScript
// would guess.
import { CHARACTER_CLASSES, type CharacterRange } from "./character_class.ts";
import { badInput } from "./input.ts";

export type PatternNode =
  | { readonly type: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly type: "alternatives"; readonly parts: readonly PatternNode[] }
  | {
    readonly type: "repeat";
    readonly part: PatternNode;
    readonly least: number;
    readonly most: number;
    readonly isLazy: boolean;
  }
  /** One character (UTF-16 unit) of a set. */
  | {
    readonly type: "set";
    readonly ranges: readonly CharacterRange[];
    readonly isNegated: boolean;
  }
  | { readonly type: "any" }
  | { readonly type: "assertion"; readonly assertion: Assertion };

/** `\b` and `\B`: at, or not at, the edge of a word. */
export type Assertion = "line_start" | "line_end" | "word_edge" | "no_word_edge";

export type ParsedPattern = { readonly root: PatternNode; readonly ignoreCase: boolean };

const MAX_LENGTH = 1000;
const MAX_COUNT = 1000;
const IGNORE_CASE = "(?i)";

/** @throws WorkerError `bad_input` naming what cannot be used. */
export function parsePattern(pattern: string): ParsedPattern {
  if (pattern.length > MAX_LENGTH) {
    throw problem(`expected at most ${MAX_LENGTH} characters, got ${pattern.length}`);
  }
  const ignoreCase = pattern.startsWith(IGNORE_CASE);
  const reader = new PatternReader(ignoreCase ? pattern.slice(IGNORE_CASE.length) : pattern);
  return { root: reader.read(), ignoreCase };
}

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ["^", "line_start"],
  ["$", "line_end"],
  ["\\b", "word_edge"],
  ["\\B", "no_word_edge"],
]);
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["f", "\f"],
  ["v", "\v"],
  ["0", "\0"],
]);

/** Recursive descent over alternatives, sequences, repeats and atoms. */
class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): PatternNode {
    const root = this.#alternatives();
    if (this.#at < this.#text.length) throw problem("has a ) without its (");
    return root;
  }

  #alternatives(): PatternNode {
    const parts = [this.#sequence()];
    while (this.#match(/\|/y)) parts.push(this.#sequence());
    return { type: "alternatives", parts };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#text.length && !this.#isNext(/[|)]/y)) parts.push(this.#item());
    return { type: "sequence", parts };
  }

  #item(): PatternNode {
    const assertion = ASSERTIONS.get(this.#match(/[$^]|\\[bB]/y)?.[0] ?? "");
    if (assertion) return { type: "assertion", assertion };
    return this.#repeats(this.#atom());
  }

  #repeats(part: PatternNode): PatternNode {
    const repeat = this.#match(/([*+?])|\{(\d+)(?:(,)(\d*))?\}/y);
    if (!repeat) return part;
    const isLazy = this.#match(/\?/y) !== null;
    const [least, most] = countsOf(repeat);
    if (most < least) throw problem("has a repeat whose numbers are out of order");
    if (least > MAX_COUNT || (most > MAX_COUNT && most < Infinity)) {
      throw problem(`has a repeat of more than ${MAX_COUNT} times`);
    }
    return { type: "repeat", part, least, most, isLazy };
  }

  #atom(): PatternNode {
    if (this.#match(/\./y)) return { type: "any" };
    if (this.#match(/\(/y)) return this.#group();
    if (this.#match(/\[/y)) return this.#set();
    if (this.#match(/[*+?]/y)) throw problem("has a repeat with nothing to repeat");
    const ranges = this.#class();
    if (ranges) return { type: "set", ranges, isNegated: false };
    return literal(this.#character());
  }

  #group(): PatternNode {
    if (this.#match(/\?<?[=!]/y)) throw problem("has look-around, which is not supported");
    if (this.#isNext(/\?(?!:|P?<)/y)) {
      throw problem("has flags in a group, which are not supported");
    }
    this.#match(/\?:|\?P?<\w+>/y);
    const inner = this.#alternatives();
    if (!this.#match(/\)/y)) throw problem("has a ( without its )");
    return inner;
  }

  #set(): PatternNode {
    if (this.#isNext(/\^?\[:/y)) throw problem("has [: :], which is not supported; use \\w or a-z");
    const isNegated = this.#match(/\^/y) !== null;
    const ranges: CharacterRange[] = [];
    while (!this.#match(/\]/y)) {
      if (this.#at >= this.#text.length) throw problem("has a [ without its ]");
      ranges.push(...this.#class() ?? [this.#range()]);
    }
    return { type: "set", ranges, isNegated };
  }

  #range(): CharacterRange {
    const first = this.#unit();
    const isRange = this.#isNext(/-(?!\]|\\[dDwWsS])/y) && this.#match(/-/y);
    const last = isRange ? this.#unit() : first;
    if (last < first) throw problem("has a range in [ ] that is out of order");
    return [first, last];
  }

  #unit(): number {
    const character = this.#match(/\\b/y) ? "\b" : this.#character();
    if (character.length === 1) return character.charCodeAt(0);
    throw problem("has a character above U+FFFF in [ ], which is not supported; use ( | )");
  }

  #class(): readonly CharacterRange[] | undefined {
    return CHARACTER_CLASSES.get(this.#match(/\\([dDwWsS])/y)?.[1] ?? "");
  }

  /** One character, written plainly or as an escape. */
  #character(): string {
    const code = this.#match(/\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,5})\})/iy);
    if (code) return String.fromCodePoint(parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16));
    const control = this.#match(/\\([nrtfv]|0(?!\d))/y);
    if (control) return CONTROLS.get(control[1] ?? "") ?? "";
    if (this.#match(/\\(?:\d|k<)/y)) throw problem("has a back reference, which is not supported");
    const unknown = this.#match(/\\[a-z]/iy);
    if (unknown) throw problem(`has ${unknown[0]}, which is not supported`);
    const plain = this.#match(/\\([^])|[^\\]/uy);
    if (!plain) throw problem("ends with a single \\");
    return plain[1] ?? plain[0];
  }

  #match(expected: RegExp): RegExpExecArray | null {
    expected.lastIndex = this.#at;
    const found = expected.exec(this.#text);
    this.#at += found?.[0].length ?? 0;
    return found;
  }

  #isNext(expected: RegExp): boolean {
    expected.lastIndex = this.#at;
    return expected.test(this.#text);
  }
}

function countsOf([, sign, count, comma, upper]: RegExpExecArray): readonly [number, number] {
  if (sign === "?") return [0, 1];
  if (sign !== undefined) return [sign === "+" ? 1 : 0, Infinity];
  const least = Number(count);
  if (comma === undefined) return [least, least];
  return [least, upper === "" ? Infinity : Number(upper)];
}

/** A character above U+FFFF is two units. */
function literal(character: string): PatternNode {
  const parts = character.split("").map((unit): PatternNode => {
    const code = unit.charCodeAt(0);
    return { type: "set", ranges: [[code, code]], isNegated: false };
  });
  return parts[0] && parts.length === 1 ? parts[0] : { type: "sequence", parts };
}

function problem(what: string): Error {
  return badInput("pattern", what);
}
