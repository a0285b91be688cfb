// Reads the syntax of a regular expression as far as it tells which characters a match must hold;
// what goes beyond that is not refused but not understood.

export type PatternNode =
  /** One character that is no line end: a class for V8 with the flag `u`, of so many members. */
  | { readonly type: "one"; readonly source: string; readonly members: number }
  /** No character: the begin of a line, a word's end and the like. */
  | { readonly type: "nothing" }
  /** Any text. */
  | { readonly type: "anything" }
  | { readonly type: "all"; readonly parts: readonly PatternNode[] }
  | { readonly type: "either"; readonly parts: readonly PatternNode[] }
  | {
    readonly type: "repeat";
    readonly part: PatternNode;
    readonly least: number;
    readonly isFixed: boolean;
  };

/** Of a pattern that RE2 takes, without flags; undefined if it has anything unusual in it. */
export function patternTree(pattern: string): PatternNode | undefined {
  const reader = new PatternReader(pattern);
  const tree = reader.either();
  return reader.isUnderstood && reader.isAtEnd ? tree : undefined;
}

type Range = readonly [first: number, last: number];

const NOTHING = { type: "nothing" } as const;
const ANYTHING = { type: "anything" } as const;
const LINE_END = 0x0a;
const DIGITS: readonly Range[] = [[0x30, 0x39]];
const WORD: readonly Range[] = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const ANY: readonly Range[] = [[0, 0x10ffff]];
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };

const GROUP = /^\((?:\?:|\?P?<\w+>|(?!\?))/;
const REPEAT = /^(?:([*+?])|\{(\d{1,4})(,?)(\d{0,4})\})\??/;

class PatternReader {
  #rest: string;
  #isUnderstood = true;

  constructor(pattern: string) {
    this.#rest = pattern;
    if (!pattern.isWellFormed()) this.#giveUp();
  }

  get isUnderstood(): boolean {
    return this.#isUnderstood;
  }

  get isAtEnd(): boolean {
    return this.#rest === "";
  }

  either(): PatternNode {
    const parts = [this.#all()];
    while (this.#took("|")) parts.push(this.#all());
    return parts.length === 1 ? parts[0] ?? NOTHING : { type: "either", parts };
  }

  #all(): PatternNode {
    const parts: PatternNode[] = [];
    while (!/^(?:[|)]|$)/.test(this.#rest)) parts.push(this.#repeated(this.#atom()));
    return parts.length === 1 ? parts[0] ?? NOTHING : { type: "all", parts };
  }

  #repeated(part: PatternNode): PatternNode {
    const [whole, mark, count, comma] = REPEAT.exec(this.#rest) ?? [];
    if (whole === undefined) return part;
    this.#skip(whole.length);
    if (REPEAT.test(this.#rest)) this.#giveUp();
    const least = mark === undefined ? Number(count) : mark === "+" ? 1 : 0;
    return { type: "repeat", part, least, isFixed: mark === undefined && comma === "" };
  }

  #atom(): PatternNode {
    const group = GROUP.exec(this.#rest)?.[0];
    if (group !== undefined) return this.#group(group.length);
    const character = this.#take();
    switch (character) {
      case "^":
      case "$":
        return NOTHING;
      case ".":
        return ANYTHING;
      case "[":
        return this.#members();
      case "\\":
        return this.#escaped();
      case "(":
      case "*":
      case "+":
      case "?":
        return this.#giveUp();
      case "{": // with a count, which stands here for itself, RE2 and we might disagree
        return /^[\d,]/.test(this.#rest) ? this.#giveUp() : one([rangeOf(character)]);
      default:
        return one([rangeOf(character)]);
    }
  }

  #group(opening: number): PatternNode {
    this.#skip(opening);
    const inner = this.either();
    return this.#took(")") ? inner : this.#giveUp();
  }

  #escaped(): PatternNode {
    if (/^[bBAz]/.test(this.#rest)) {
      this.#take();
      return NOTHING;
    }
    const ranges = this.#escape();
    return ranges ? one(ranges) : this.#giveUp();
  }

  /** What follows a backslash, in a class or outside; undefined for what is not understood. */
  #escape(): readonly Range[] | undefined {
    const character = this.#take();
    if (character === "d") return DIGITS;
    if (character === "w") return WORD;
    if (/^[sSDW]$/.test(character)) return ANY; // a line end is among them
    const control = Object.hasOwn(CONTROLS, character) ? CONTROLS[character] : undefined;
    if (control !== undefined) return [[control, control]];
    return /^[!-/:-@[-`{-~]$/.test(character) ? [rangeOf(character)] : undefined;
  }

  #members(): PatternNode {
    const isNegated = this.#took("^");
    const ranges: Range[] = [];
    do {
      const members = this.#member();
      if (!members) return this.#giveUp();
      ranges.push(...members);
    } while (!this.#took("]"));
    return isNegated ? ANYTHING : one(ranges);
  }

  #member(): readonly Range[] | undefined {
    if (this.#rest === "" || this.#rest.startsWith("[:")) return undefined;
    const first = this.#oneMember();
    if (!first || !/^-[^\]]/.test(this.#rest)) return first;
    this.#take();
    const last = this.#oneMember();
    const [from, to] = [only(first), last && only(last)];
    return from === undefined || to === undefined ? undefined : [[from, to]];
  }

  #oneMember(): readonly Range[] | undefined {
    return this.#took("\\") ? this.#escape() : [rangeOf(this.#take())];
  }

  #took(text: string): boolean {
    const isNext = this.#rest.startsWith(text);
    if (isNext) this.#skip(text.length);
    return isNext;
  }

  #take(): string {
    const character = String.fromCodePoint(this.#rest.codePointAt(0) ?? 0);
    this.#skip(character.length);
    return character;
  }

  #skip(length: number): void {
    this.#rest = this.#rest.slice(length);
  }

  #giveUp(): PatternNode {
    this.#isUnderstood = false;
    this.#rest = "";
    return ANYTHING;
  }
}

function rangeOf(character: string): Range {
  const code = character.codePointAt(0) ?? 0;
  return [code, code];
}

/** The one character of a range of one. */
function only(ranges: readonly Range[]): number | undefined {
  const [range, more] = ranges;
  return range && !more && range[0] === range[1] ? range[0] : undefined;
}

function one(ranges: readonly Range[]): PatternNode {
  if (ranges.some(([first, last]) => first <= LINE_END && LINE_END <= last)) return ANYTHING;
  const source = ranges.map(([first, last]) => `${code(first)}-${code(last)}`).join("");
  const members = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return {
    type: "one",
    source: members === 1 ? code(ranges[0]?.[0] ?? 0) : `[${source}]`,
    members,
  };
}

function code(character: number): string {
  return `\\u{${character.toString(16)}}`;
}
