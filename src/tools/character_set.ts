// A set of UTF-16 units that answers fast.
import type { CharacterRange } from "./character_class.ts";

const LOW = 256;

export class CharacterSet {
  readonly #low = new Uint8Array(LOW);
  readonly #ranges: readonly CharacterRange[];
  readonly #isNegated: boolean;

  constructor(ranges: readonly CharacterRange[], isNegated: boolean) {
    this.#ranges = ranges;
    this.#isNegated = isNegated;
    for (let unit = 0; unit < LOW; unit++) this.#low[unit] = this.#holds(unit) ? 1 : 0;
  }

  has(unit: number): boolean {
    return unit < LOW ? this.#low[unit] === 1 : this.#holds(unit);
  }

  #holds(unit: number): boolean {
    return this.#isNegated !==
      this.#ranges.some(([first, last]) => first <= unit && unit <= last);
  }
}

/** The same ranges in both cases. */
export function inBothCases(ranges: readonly CharacterRange[]): CharacterRange[] {
  return ranges.flatMap(([first, last]) => {
    if (first === last) return casesOf(first);
    return [[first, last], ...shifted(first, last, 0x61), ...shifted(first, last, 0x41)];
  });
}

function casesOf(unit: number): CharacterRange[] {
  const character = String.fromCharCode(unit);
  return [character, character.toLowerCase(), character.toUpperCase()]
    .filter(({ length }) => length === 1)
    .map((one): CharacterRange => [one.charCodeAt(0), one.charCodeAt(0)]);
}

/** The part of a range that lies in the alphabet starting at `letter`, in the other case. */
function shifted(first: number, last: number, letter: 0x61 | 0x41): CharacterRange[] {
  const from = Math.max(first, letter);
  const to = Math.min(last, letter + 25);
  return from > to ? [] : [[from ^ 0x20, to ^ 0x20]];
}
