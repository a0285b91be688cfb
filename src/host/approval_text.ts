// What an approver sees: the act as data, its words made visible, nothing hidden or cut unsaid.
import { createHash } from "node:crypto";
import { isObject } from "../core/schema.ts";
import { mixedWords } from "./mixed_scripts.ts";
import { columnsOf, type Piece, visiblePieces } from "./visible_text.ts";

/** The body of an approval request (wire: ParentFrame); anything else is refused unseen. */
export type ApprovalBody = {
  readonly tool_name: string;
  readonly permission: string;
  readonly resource: string;
};

export type ApprovalScene = {
  readonly agentId: string;
  readonly level: string;
  readonly workspace: string;
  /** The rule by which it is asked at all. */
  readonly why: string;
  /** Of the terminal. No line of ours is wider, so that no word of an agent begins a row. */
  readonly columns: number;
};

/** UTF-8 bytes of the resource as shown. */
const MAX_BYTES = 4096;
const MAX_LINES = 40;
const MAX_COLUMNS = 80;
/** Names of agents, tools and folders longer than this are cut, and it is said. */
const MAX_NAME_ROWS = 6;
const MAX_LISTED = 8;
const MAX_ITEM = 60;

/** Undefined for what is no such body: nobody can say yes to it. */
export function readApproval(body: unknown): ApprovalBody | undefined {
  if (!isObject(body)) return undefined;
  const { tool_name, permission, resource } = body;
  return typeof tool_name === "string" && typeof permission === "string" &&
      typeof resource === "string"
    ? { tool_name, permission, resource }
    : undefined;
}

/** Several lines that end with a newline; the question itself is the caller's. */
export function approvalText(body: ApprovalBody, scene: ApprovalScene): string {
  const { permission, tool_name: tool, resource } = body;
  const columns = Math.max(Math.min(scene.columns, MAX_COLUMNS), 30);
  const bytes = new TextEncoder().encode(resource);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const row = (name: string, value: string) => nameRows(name, value, columns);
  return [
    "An agent asks to act:",
    ...row("agent", scene.agentId),
    ...row("act", permission),
    ...row("tool", tool),
    ...row("folder", scene.workspace),
    ...row("level", scene.level),
    ...row("why", scene.why),
    ...row("resource", `${counted([...resource].length, "character")}, sha256 ${hash}`),
    ...block(resource, columns),
    "",
  ].join("\n");
}

const INDENT = 12;

function nameRows(name: string, value: string, columns: number): string[] {
  const width = columns - INDENT;
  const { lines, left } = laidOut(visiblePieces(value), { width, maxLines: MAX_NAME_ROWS });
  const rows = left > 0 ? [...lines, ...wrapped(cutText(left), width)] : lines;
  return rows.map((line, at) => `  ${(at === 0 ? name : "").padEnd(INDENT - 2)}${line}`);
}

/** The resource between bars, at most 4 KiB and 40 lines of it, and what is odd about it. */
function block(resource: string, columns: number): string[] {
  const pieces = visiblePieces(resource);
  const width = columns - 4;
  const { lines, left } = laidOut(pieces, { width, maxLines: MAX_LINES });
  const notes = [
    ...(left > 0 ? [cutText(left)] : []),
    ...listText("shown as escapes", escapesOf(pieces)),
    ...listText("letters of different scripts in", mixedWords(resource)),
  ].flatMap((note) => wrapped(note, width));
  return [...lines.map((line) => `  │ ${line}`), ...notes.map((note) => `  └ ${note}`)];
}

type Layout = {
  readonly lines: readonly string[];
  /** Characters of the text that stand in none of them. */
  readonly left: number;
};

/** A line ends at a newline, or where it would be too wide; no piece is ever divided. */
function laidOut(
  pieces: readonly Piece[],
  { width, maxLines }: { readonly width: number; readonly maxLines: number },
): Layout {
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
    if (bytes > MAX_BYTES || lines.length === maxLines) break;
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
  return laidOut(visiblePieces(text), { width, maxLines: Infinity }).lines;
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
