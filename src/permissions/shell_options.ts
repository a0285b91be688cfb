// The options of a command: told from operands as most programs do, long ones also when abbreviated.
import type { Word } from "./shell_word.ts";

/** Whether `word` is `--name`, `--name=value` or an abbreviation of at least three letters. */
export function isLongOption({ text }: Word, name: string): boolean {
  const [, given] = text.match(/^--([^=]{3,})/s) ?? [];
  return given !== undefined && name.startsWith(given);
}

/** Whether `letter` is among the bundled short options of `word`, such as `-rf`. */
export function isShortOption({ text }: Word, letter: string): boolean {
  return /^-[^-]/.test(text) && text.includes(letter);
}

/** Words that are no options; after `--` all are. */
export function operandsOf(words: readonly Word[]): readonly Word[] {
  const end = words.findIndex(({ text }) => text === "--");
  const before = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? [] : words.slice(end + 1);
  return [...before.filter(({ text }) => !/^-./.test(text)), ...after];
}

export type OptionShape = {
  /** Short options that take a value, beside or behind them. */
  readonly short?: string;
  /** Long options, without dashes, whose value may be the next word. */
  readonly long?: readonly string[];
};

/** Where the first operand stands; the length when there is none. */
export function firstOperand(
  words: readonly Word[],
  { short = "", long = [] }: OptionShape,
): number {
  let at = 0;
  for (; at < words.length; at++) {
    const text = words[at]?.text ?? "";
    if (text === "--") return at + 1;
    if (!/^-./.test(text)) return at;
    const isLongWithValue = text.startsWith("--") && long.includes(text.slice(2));
    if (isLongWithValue || endsWithValueOption(text, short)) at++;
  }
  return Math.min(at, words.length);
}

/** `-n` and `-in` want the next word, `-n5` does not. */
function endsWithValueOption(text: string, short: string): boolean {
  if (text.startsWith("--")) return false;
  const letters = [...text.slice(1)];
  const at = letters.findIndex((letter) => short.includes(letter));
  return at >= 0 && at === letters.length - 1;
}
