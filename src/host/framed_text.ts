// Words of an agent as people see them at a terminal: between bars, every character visible, nothing
// cut unsaid, and never at the start of a row. Pure.
import { mixedWords } from "./mixed_scripts.ts";
import { columnsOf, type Piece, visiblePieces } from "./visible_text.ts";

/** How much of a text is shown: rows, and UTF-8 bytes as they are shown. */
export type Bounds = { readonly rows: number; readonly bytes: number };

const USUAL: Bounds = { rows: 40, bytes: 4096 };
const MAX_COLUMNS = 80;
const MIN_COLUMNS = 30;
/** Names of agents, tools and folders longer than this are cut, and it is said. */
const MAX_NAME_ROWS = 6;
const MAX_LISTED = 8;
const MAX_ITEM = 60;
const INDENT = 12;

/** No line of ours is wider, so that no word of an agent begins a row. */
export function usableColumns(columns: number): number {
  return Math.max(Math.min(columns, MAX_COLUMNS), MIN_COLUMNS);
}

/** A name of ours and a value that is not, on as many rows as it needs, up to a few. */
export function nameRows(name: string, value: string, columns: number): string[] {
  const width = columns - INDENT;
  const bounds = { rows: MAX_NAME_ROWS, bytes: USUAL.bytes };
  const { lines, left } = laidOut(visiblePieces(value), width, bounds);
  const rows = left > 0 ? [...lines, ...wrapped(cutText(left), width)] : lines;
  return rows.map((line, at) => `  ${(at === 0 ? name : "").padEnd(INDENT - 2)}${line}`);
}

/** A text between bars, at most 4 KiB and 40 rows of it, and what is odd about it. */
export function block(text: string, columns: number, bounds: Bounds = USUAL): string[] {
  const pieces = visiblePieces(text);
  const width = blockWidth(columns);
  const { lines, left } = laidOut(pieces, width, bounds);
  const notes = [
    ...(left > 0 ? [cutText(left)] : []),
    ...listText("shown as escapes", escapesOf(pieces)),
    ...listText("letters of different scripts in", mixedWords(text)),
  ].flatMap((note) => wrapped(note, width));
  return [...lines.map((line) => `  │ ${line}`), ...notes.map((note) => `  └ ${note}`)];
}

/** Columns of a block's own text. */
export function blockWidth(columns: number): number {
  return columns - 4;
}

type Layout = {
  readonly lines: readonly string[];
  /** Characters of the text that stand in none of them. */
  readonly left: number;
};

/** A line ends at a newline, or where it would be too wide; no piece is ever divided. */
function laidOut(pieces: readonly Piece[], width: number, most: Bounds): Layout {
  const lines: string[] = [];
  let line = "";
  let [used, bytes, at] = [0, 0, 0];
  for (; at < pieces.length; at++) {
    const { shown, type } = pieces[at] ?? NOTHING;
    const columns = [...shown].reduce((sum, character) => sum + columnsOf(character), 0);
    if (used + columns > width) {
      lines.push(line);
      [line, used] = ["", 0];
    }
    bytes += new TextEncoder().encode(shown).length;
    if (bytes > most.bytes || lines.length === most.rows) break;
    line += shown;
    used += columns;
    if (type === "newline") {
      lines.push(line);
      [line, used] = ["", 0];
    }
  }
  if (line !== "" || pieces.length === 0) lines.push(line);
  return { lines, left: pieces.slice(at).reduce((sum, { length }) => sum + length, 0) };
}

const NOTHING: Piece = { shown: "", length: 0, type: "plain" };

/** A short text of ours, whole. */
function wrapped(text: string, width: number): readonly string[] {
  return laidOut(visiblePieces(text), width, { rows: Infinity, bytes: USUAL.bytes }).lines;
}

function cutText(left: number): string {
  return `cut here: ${counted(left, "more character")} ${left === 1 ? "is" : "are"} not shown`;
}

/** Which of the escapes in sight are none of the text itself, and how often. */
function escapesOf(pieces: readonly Piece[]): string[] {
  const counts = new Map<string, number>();
  for (const { type, shown } of pieces) {
    if (type === "escape") counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return [...counts].map(([shown, count]) => count === 1 ? shown : `${shown} ×${count}`);
}

function listText(what: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > MAX_LISTED ? ` and ${items.length - MAX_LISTED} more` : "";
  const short = items.map((item) => item.length > MAX_ITEM ? `${item.slice(0, MAX_ITEM)}…` : item);
  return [`${what}: ${short.slice(0, MAX_LISTED).join(", ")}${more}`];
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
