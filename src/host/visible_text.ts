// Text in which every character can be seen, in pieces that know what they stand for. Pure.
import { escaped } from "./printable.ts";

/** What is shown, for a part of the text that must not be divided. */
export type Piece = {
  readonly shown: string;
  /** Characters of the text that it stands for. */
  readonly length: number;
  readonly type: "plain" | "escape" | "newline" | "blanks";
};

/**
 * Controls and invisible characters as escapes, newlines as ⏎, runs of either blank lines or
 * spaces counted. Plain text is unchanged.
 */
export function visiblePieces(text: string): Piece[] {
  return [...text.matchAll(PIECE)].map(([part, lines, newline, blanks, hidden]) => {
    const length = [...part].length;
    if (lines !== undefined) {
      return { shown: `⏎×${lines.split("\n").length - 1}`, length, type: "newline" };
    }
    if (newline !== undefined) return { shown: "⏎", length, type: "newline" };
    if (blanks !== undefined) return { shown: `␠×${length}`, length, type: "blanks" };
    if (hidden !== undefined) return { shown: escaped(hidden), length, type: "escape" };
    return { shown: part, length, type: "plain" };
  });
}

export function visibleText(text: string): string {
  return visiblePieces(text).map(({ shown }) => shown).join("");
}

/** Columns of a terminal that a character may take at most. */
export function columnsOf(character: string): number {
  return character < "\u1100" ? 1 : 2;
}

/**
 * Blank lines, a newline, spaces, what cannot be seen (controls, formats, fillers, every space
 * that is not U+0020, and our own marks, which nobody else may set), any other character.
 */
const PIECE =
  /(\r?\n(?:[ \t]*\r?\n)+)|(\n)|( {4,})|((?! )[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}⏎␠])|[^]/gu;
