// Regular expressions of a model, rewritten so that the runtime's linear engine can take over when
// one backtracks too much (V8 flag --enable-experimental-regexp-engine-on-excessive-backtracks).
// That engine knows no look-around, no back references, no flag i and no larger counted repeats:
// the first two are refused, the others are spelled out, within a bound.
import { messageOf } from "../core/errors.ts";
import { badInput } from "./input.ts";
import { classRange, joined, literalPiece, type Piece, repeated } from "./pattern_piece.ts";

const MAX_LENGTH = 1000;

/** `size` is how many steps a character of text may cost the engine. @throws WorkerError `bad_input`. */
export function linearPattern(pattern: string, ignoreCase: boolean): Piece {
  if (pattern.length > MAX_LENGTH) {
    throw problem(`expected at most ${MAX_LENGTH} characters, got ${pattern.length}`);
  }
  const isMarked = pattern.startsWith("(?i)");
  const bare = isMarked ? pattern.slice("(?i)".length) : pattern;
  const piece = new PatternReader(bare, isMarked || ignoreCase).read();
  try {
    new RegExp(piece.source);
  } catch (thrown) {
    throw problem(`is not valid: ${messageOf(thrown)}`);
  }
  return piece;
}

/** Recursive descent over alternatives, sequences, repeats and atoms. */
class PatternReader {
  readonly #text: string;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(text: string, ignoreCase: boolean) {
    this.#text = text;
    this.#ignoreCase = ignoreCase;
  }

  read(): Piece {
    const piece = this.#alternatives();
    if (this.#at < this.#text.length) throw problem("has a ) without its (");
    return piece;
  }

  #alternatives(): Piece {
    const pieces = [this.#sequence()];
    while (this.#match(/\|/y)) pieces.push(this.#sequence());
    return joined(pieces, "|");
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#text.length && !this.#isNext(/[|)]/y)) {
      pieces.push(this.#repeats(this.#atom()));
    }
    return joined(pieces, "");
  }

  #repeats(atom: Piece): Piece {
    const repeat = this.#match(/([*+?])|\{(\d+)(?:(,)(\d*))?\}/y);
    if (!repeat) return atom;
    const [, sign, count, comma, upper] = repeat;
    const lazy = this.#match(/\?/y) ? "?" : "";
    const least = sign === "+" ? 1 : Number(count ?? 0);
    if (sign !== undefined) {
      return repeated(atom, { least, most: sign === "?" ? 1 : Infinity, lazy });
    }
    if (comma === undefined) return repeated(atom, { least, most: least, lazy });
    return repeated(atom, { least, most: upper === "" ? Infinity : Number(upper), lazy });
  }

  #atom(): Piece {
    const bare = this.#match(/[.^$]|\\[bBdDwWsS]/y);
    if (bare) return { source: bare[0], size: 1 };
    if (this.#match(/\(/y)) return this.#group();
    if (this.#match(/\[/y)) return this.#class();
    if (this.#match(/[*+?]/y)) throw problem("has a repeat with nothing to repeat");
    return literalPiece(this.#character(), this.#ignoreCase);
  }

  #group(): Piece {
    if (this.#match(/\?<?[=!]/y)) throw problem("has look-around, which is not supported");
    if (this.#isNext(/\?(?!:|P?<)/y)) {
      throw problem("has flags in a group, which are not supported");
    }
    this.#match(/\?:|\?P?<\w+>/y);
    const { source, size } = this.#alternatives();
    if (!this.#match(/\)/y)) throw problem("has a ( without its )");
    return { source: `(?:${source})`, size: Math.max(size, 1) };
  }

  #class(): Piece {
    if (this.#isNext(/\^?\[:/y)) throw problem("has [: :], which is not supported; use \\w or a-z");
    let members = this.#match(/\^/y) ? "^" : "";
    while (!this.#match(/\]/y)) {
      if (this.#at >= this.#text.length) throw problem("has a [ without its ]");
      members += this.#match(/\\[dDwWsS]/y)?.[0] ?? this.#range();
    }
    return { source: `[${members}]`, size: 1 };
  }

  #range(): string {
    const first = this.#match(/\\b/y) ? "\b" : this.#character();
    const isRange = this.#isNext(/-(?!\]|\\[dDwWsS])/y) && this.#match(/-/y);
    return classRange(first, isRange ? this.#character() : first, this.#ignoreCase);
  }

  /** One character, written plainly or as an escape. */
  #character(): string {
    const code = this.#match(/\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,5})\})/iy);
    if (code) return String.fromCodePoint(parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16));
    const control = this.#match(/\\([nrtfv]|0(?!\d)|c[a-z])/iy);
    if (control) return controlCharacter(control[1] ?? "");
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

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["f", "\f"],
  ["v", "\v"],
  ["0", "\0"],
]);

/** `n` for a line feed and the like; `cA` for control-A. */
function controlCharacter(name: string): string {
  return CONTROLS.get(name) ?? String.fromCharCode(name.charCodeAt(1) % 32);
}

function problem(what: string): Error {
  return badInput("pattern", what);
}
