// How much of a question a person is shown whole, and how much room a text takes there. Pure.
// Laying it out is host/framed_text.ts's; a test holds the two together.

/** A host shows at least so many rows of a question, as they are at 80 columns. */
export const SHOWN_ROWS = 200;

/** Columns of what is never divided, at most: `\u{10ffff}`. */
export const WIDEST_PIECE = 10;

/** Columns of a row at 80 columns that are surely used before the next one begins. */
export const SURE_COLUMNS = 67;

/** Rows that the text takes at most at 80 columns, every character of it made visible. */
export function rowsAtMost(text: string): number {
  return text.split("\n").reduce((sum, line) => sum + rowsOfLine(line), 0);
}

function rowsOfLine(line: string): number {
  const columns = [...line].reduce((sum, character) => sum + columnsAtMost(character), 0);
  return Math.max(1, Math.ceil((columns + NEWLINE_COLUMNS) / SURE_COLUMNS));
}

const NEWLINE_COLUMNS = 2;

function columnsAtMost(character: string): number {
  if (character === " ") return 1;
  if (MAY_BE_ESCAPED.test(character)) return character < "\u0100" ? 4 : WIDEST_PIECE;
  return character < "\u1100" ? 1 : 2;
}

/** Every character that anybody could call invisible, and the marks of our own. */
const MAY_BE_ESCAPED = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}⏎␠]/u;
