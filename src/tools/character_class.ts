// What `\d`, `\w` and `\s` stand for.

/** Both ends are UTF-16 units and included. */
export type CharacterRange = readonly [first: number, last: number];

const DIGITS: readonly CharacterRange[] = [[0x30, 0x39]];
const WORD: readonly CharacterRange[] = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const SPACE: readonly CharacterRange[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** By the letter after the backslash. */
export const CHARACTER_CLASSES: ReadonlyMap<string, readonly CharacterRange[]> = new Map([
  ["d", DIGITS],
  ["D", complementOf(DIGITS)],
  ["w", WORD],
  ["W", complementOf(WORD)],
  ["s", SPACE],
  ["S", complementOf(SPACE)],
]);

function complementOf(ranges: readonly CharacterRange[]): CharacterRange[] {
  const starts = [0, ...ranges.map(([, last]) => last + 1)];
  const ends = [...ranges.map(([first]) => first - 1), 0xffff];
  return starts.map((start, index): CharacterRange => [start, ends[index] ?? 0xffff])
    .filter(([first, last]) => first <= last);
}
