// Reads JSON text as strictly as hosts do, in one pass and without recursion.
import { WorkerError } from "../core/errors.ts";
import { markJson, marksOf } from "../core/json_marks.ts";
import { MAX_JSON_DEPTH } from "./limits.ts";

/**
 * The value of a JSON text, equal to what JSON.parse gives. Where that does not tell all (a key
 * given twice, a whole number written as a float, something nested too deep and left out), the
 * containers carry marks, for schemas to judge by what they keep.
 * @throws WorkerError `bad_input` with line, column and what was expected; never the text itself.
 */
export function readJson(text: string): unknown {
  return new JsonReader(text).read();
}

/** Deeper than this even what nobody keeps is refused. */
const MAX_SKIPPED_DEPTH = 100_000;

/** Longer arrays are not structs, so nobody asks how the numbers beyond were written. */
const MAX_MARKED_ITEMS = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPENING = { array: 0x5b, object: 0x7b } as const;
const CLOSING = { array: 0x5d, object: 0x7d } as const;

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const WORDS = [["true", true], ["false", false], ["null", null]] as const;

type Container = Record<string, unknown> | unknown[];

class JsonReader {
  readonly #text: string;
  #at = 0;
  #root: unknown;
  /** What is open, outermost first. Beyond the depth limit one stands for all of its kind. */
  readonly #open: Container[] = [];
  /** For each open object the key whose value comes next. */
  readonly #keys: string[] = [];
  readonly #leftOut = { array: [], object: {} };

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    if (!this.#text.isWellFormed()) this.#fail("expected well-formed Unicode");
    do while (this.#readValue()); while (this.#findNext());
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail("expected the end");
    return this.#root;
  }

  /** True when it was only the opening of something, and what is inside comes next. */
  #readValue(): boolean {
    this.#skipBlanks();
    const code = this.#text.charCodeAt(this.#at);
    if (code === QUOTE) this.#put(this.#readString());
    else if (code === OPENING.object) return this.#openContainer("object");
    else if (code === OPENING.array) return this.#openContainer("array");
    else if (code === MINUS || isDigit(code)) this.#readNumber();
    else this.#readWord();
    return false;
  }

  /** Goes to the next value, closing what ends before it; false when everything is closed. */
  #findNext(): boolean {
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      const kind = Array.isArray(top) ? "array" : "object";
      this.#skipBlanks();
      const code = this.#text.charCodeAt(this.#at);
      if (code !== COMMA && code !== CLOSING[kind]) {
        this.#fail(kind === "array" ? 'expected "," or "]"' : 'expected "," or "}"');
      }
      this.#at++;
      if (code === COMMA) {
        if (kind === "object") this.#readKey();
        return true;
      }
      this.#open.pop();
    }
    return false;
  }

  #openContainer(kind: "array" | "object"): boolean {
    const depth = this.#open.length;
    if (depth === MAX_SKIPPED_DEPTH) this.#fail("nested too deep");
    this.#at++;
    if (depth < MAX_JSON_DEPTH) {
      const container = kind === "array" ? [] : {};
      this.#put(container);
      this.#open.push(container);
    } else {
      if (depth === MAX_JSON_DEPTH) this.#markTooDeep();
      this.#open.push(this.#leftOut[kind]);
    }
    this.#skipBlanks();
    if (this.#text.charCodeAt(this.#at) === CLOSING[kind]) {
      this.#at++;
      this.#open.pop();
      return false;
    }
    if (kind === "object") this.#readKey();
    return true;
  }

  #markTooDeep(): void {
    const top = this.#open[MAX_JSON_DEPTH - 1];
    if (top && marksOf(top)?.tooDeep) return;
    for (const container of this.#open) markJson(container).tooDeep = true;
  }

  #readKey(): void {
    this.#skipBlanks();
    if (this.#text.charCodeAt(this.#at) !== QUOTE) this.#fail("expected a key in double quotes");
    this.#keys[this.#open.length - 1] = this.#readString();
    this.#skipBlanks();
    if (this.#text.charCodeAt(this.#at) !== COLON) this.#fail('expected ":"');
    this.#at++;
  }

  #put(value: unknown): void {
    const depth = this.#open.length;
    const top = this.#open[depth - 1];
    if (top === undefined) this.#root = value;
    else if (depth > MAX_JSON_DEPTH) return;
    else if (Array.isArray(top)) top.push(value);
    else setKey(top, this.#keys[depth - 1] ?? "", value);
  }

  #readString(): string {
    const text = this.#text;
    const start = this.#at + 1;
    let end = start;
    let escaped = false;
    for (;; end++) {
      const code = text.charCodeAt(end);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        escaped = true;
        end++;
      } else if (!(code >= 0x20)) {
        this.#at = Math.min(end, text.length);
        this.#fail(
          end < text.length ? "control character in a string" : "expected the end of a string",
        );
      }
    }
    this.#at = end + 1;
    return escaped ? this.#unescape(start, end) : text.slice(start, end);
  }

  #unescape(start: number, end: number): string {
    const value = parseString(this.#text.slice(start - 1, end + 1));
    if (value?.isWellFormed()) return value;
    this.#at = start;
    return this.#fail(
      value === undefined ? "bad escape in this string" : "lone surrogate in this string",
    );
  }

  #readNumber(): void {
    const start = this.#at;
    while (isNumberPart(this.#text.charCodeAt(this.#at))) this.#at++;
    const literal = this.#text.slice(start, this.#at);
    const value = Number(literal);
    if (!NUMBER.test(literal) || !Number.isFinite(value)) {
      this.#at = start;
      this.#fail(NUMBER.test(literal) ? "number too large" : "expected a number");
    }
    if (Number.isInteger(value) && !isWholeLiteral(literal)) this.#markFloat();
    this.#put(value);
  }

  #markFloat(): void {
    const depth = this.#open.length;
    const top = this.#open[depth - 1];
    if (top === undefined || depth > MAX_JSON_DEPTH) return;
    if (!Array.isArray(top)) markJson(top).floats.add(this.#keys[depth - 1] ?? "");
    else if (top.length < MAX_MARKED_ITEMS) markJson(top).floats.add(`${top.length}`);
  }

  #readWord(): void {
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return this.#put(value);
    }
    this.#fail("expected a value");
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #fail(why: string): never {
    const before = this.#text.slice(0, this.#at).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    const early = this.#at < this.#text.length ? "" : "ends too early, ";
    throw new WorkerError("bad_input", `JSON ${place}: ${early}${why}`);
  }
}

function setKey(object: Record<string, unknown>, key: string, value: unknown): void {
  if (Object.hasOwn(object, key)) markJson(object).repeated.add(key);
  if (key !== "__proto__") object[key] = value;
  else {
    const own = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, key, own);
  }
}

/** Whether a number that is whole was also written so, within 64 bits. */
function isWholeLiteral(literal: string): boolean {
  if (literal.length < 16) return !/[.eE]/.test(literal) && literal !== "-0";
  if (!/^-?[0-9]{1,20}$/.test(literal)) return false;
  const value = BigInt(literal);
  return value < 2n ** 64n && value >= -(2n ** 63n);
}

function parseString(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Digits, sign, point, exponent; in what order is checked later. */
function isNumberPart(code: number): boolean {
  return isDigit(code) || code === MINUS || code === 0x2b || code === 0x2e || code === 0x45 ||
    code === 0x65;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
