// Parts of a regular expression as source text, and how they are put together in a bounded size.
import { badInput } from "./input.ts";

export type Piece = {
  /** Can be repeated as it is, unless it came from `joined` or `repeated`. */
  readonly source: string;
  /** How many places of the expression it stands for. */
  readonly size: number;
};

const MAX_SIZE = 500;

/** One character, in both cases if case does not count. */
export function literalPiece(character: string, ignoreCase: boolean): Piece {
  const cases = ignoreCase ? casesOf(character) : [character];
  if (cases.length > 1) return { source: `[${cases.map(inClass).join("")}]`, size: 1 };
  if (character.length > 1) return { source: `(?:${character})`, size: character.length };
  return { source: character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"), size: 1 };
}

/** `first` to `last` as a class has it, in both cases if case does not count. */
export function classRange(first: string, last: string, ignoreCase: boolean): string {
  if (first.length > 1 || last.length > 1) {
    throw badInput("pattern", "characters above U+FFFF are not supported in [ ]; use ( | )");
  }
  const range = first === last ? inClass(first) : `${inClass(first)}-${inClass(last)}`;
  if (!ignoreCase) return range;
  if (first === last) return casesOf(first).map(inClass).join("");
  return range + shiftedOverlap(first, last, "az") + shiftedOverlap(first, last, "AZ");
}

/** Pieces one after another, or as alternatives. */
export function joined(pieces: readonly Piece[], separator: "" | "|"): Piece {
  const source = pieces.map((piece) => piece.source).join(separator);
  return bounded(source, pieces.reduce((sum, { size }) => sum + size, 0));
}

/** A piece repeated, with nothing but `*` and `?`: counts are spelled out. */
export function repeated(
  { source, size }: Piece,
  { least, most, lazy }: { readonly least: number; readonly most: number; readonly lazy: "" | "?" },
): Piece {
  if (most < least) throw badInput("pattern", "has a repeat whose numbers are out of order");
  const count = most === Infinity ? least + 1 : most;
  demandSize(count * size);
  const tail = most === Infinity ? `${source}*${lazy}` : optional(source, most - least, lazy);
  return { source: source.repeat(least) + tail, size: count * size };
}

function optional(source: string, count: number, lazy: "" | "?"): string {
  let tail = "";
  for (let left = count; left > 0; left--) {
    tail = tail === "" ? `${source}?${lazy}` : `(?:${source}${tail})?${lazy}`;
  }
  return tail;
}

function bounded(source: string, size: number): Piece {
  demandSize(size);
  return { source, size };
}

function demandSize(size: number): void {
  if (size <= MAX_SIZE) return;
  const problem = `stands for ${size} places when its repeats are spelled out, expected at most`;
  throw badInput("pattern", `${problem} ${MAX_SIZE}; repeat less, or with * or +`);
}

function casesOf(character: string): string[] {
  const cases = [character, character.toLowerCase(), character.toUpperCase()];
  return [...new Set(cases)].filter(({ length }) => length === character.length);
}

/** The part of a range that lies in a-z, or in A-Z, in the other case. */
function shiftedOverlap(first: string, last: string, letters: "az" | "AZ"): string {
  const from = first > letters.charAt(0) ? first : letters.charAt(0);
  const to = last < letters.charAt(1) ? last : letters.charAt(1);
  if (from > to) return "";
  const swap = (letter: string) => letters === "az" ? letter.toUpperCase() : letter.toLowerCase();
  return `${swap(from)}-${swap(to)}`;
}

function inClass(character: string): string {
  return character.replace(/[\\\]^[-]/, "\\$&");
}
