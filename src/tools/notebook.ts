// A Jupyter notebook as text: which cells it has, and the text after one of them changed. Whatever
// is not changed stays as it is written, fields and their order included.
import * as z from "zod";
import { elementsOf, type Member, membersOf, type Span, valueStart } from "./json_spans.ts";

export type Notebook = {
  readonly text: string;
  /** Cells have ids from nbformat 4.5 on. */
  readonly hasIds: boolean;
  /** The whole array. */
  readonly cellsAt: Span;
  readonly cells: readonly Cell[];
};

export type Cell = {
  readonly id: string | undefined;
  /** `code`, `markdown`, `raw`. */
  readonly type: string;
  /** Its source is written as a list of lines. */
  readonly hasLines: boolean;
  readonly at: Span;
};

const cellSchema = z.object({
  id: z.optional(z.string()),
  cell_type: z.string(),
  source: z.union([z.string(), z.array(z.string())]),
});

const notebookSchema = z.object({
  nbformat: z.literal(4),
  nbformat_minor: z._default(z.number(), 0),
  cells: z.array(cellSchema),
});

/** The notebook, or why the text is none. */
export function readNotebook(text: string): Notebook | { readonly problem: string } {
  const value = parse(text);
  if (value === undefined) return { problem: "it is not JSON, expected a notebook" };
  const read = z.safeParse(notebookSchema, value);
  if (!read.success) {
    const path = read.error.issues[0]?.path.join(".") ?? "";
    const where = path === "" ? "" : ` (see ${path})`;
    return { problem: `it is not a notebook of nbformat 4${where}` };
  }
  const { cells, nbformat_minor } = read.data;
  const at = membersOf(text, valueStart(text)).findLast(({ key }) => key === "cells");
  const cellsAt = at?.value ?? { start: 0, end: 0 };
  const spans = elementsOf(text, cellsAt.start);
  return {
    text,
    hasIds: nbformat_minor >= 5,
    cellsAt,
    cells: cells.map(({ id, cell_type, source }, index) => ({
      id,
      type: cell_type,
      hasLines: Array.isArray(source),
      at: spans[index] ?? cellsAt,
    })),
  };
}

export type CellContent = { readonly source: string; readonly type: string };

/** Code loses its outputs: they are not what the new code gave. */
export function replaceCell(
  { text }: Notebook,
  cell: Cell,
  { source, type }: CellContent,
): string {
  const isCode = type === "code";
  const changes = new Map<string, unknown>([["source", sourceOf(source, cell.hasLines)]]);
  if (type !== cell.type) {
    changes.set("cell_type", type);
    for (const key of isCode ? ["attachments"] : ["execution_count", "outputs"]) {
      changes.set(key, undefined);
    }
  }
  if (isCode) changes.set("execution_count", null).set("outputs", []);
  return spliced(text, cell.at, cellText(text, cell.at, changes));
}

/** After `previous`, or as the first one. */
export function insertCell(
  notebook: Notebook,
  previous: Cell | undefined,
  { source, type, newId }: CellContent & { readonly newId: () => string },
): string {
  const { text, cells, cellsAt } = notebook;
  const isCode = type === "code";
  const hasLines = cells.length === 0 || cells.some((cell) => cell.hasLines);
  const cell = {
    cell_type: type,
    ...(isCode ? { execution_count: null } : {}),
    ...(notebook.hasIds ? { id: unusedId(cells, newId) } : {}),
    metadata: {},
    ...(isCode ? { outputs: [] } : {}),
    source: sourceOf(source, hasLines),
  };
  const [first] = cells;
  if (!first) return spliced(text, cellsAt, written(text, [cell], 1));
  const gap = text.slice(cellsAt.start + 1, first.at.start);
  const inserted = written(text, cell, 2);
  if (!previous) return spliced(text, emptyAt(first.at.start), `${inserted},${gap}`);
  return spliced(text, emptyAt(previous.at.end), `,${gap}${inserted}`);
}

export function deleteCell({ text, cells, cellsAt }: Notebook, cell: Cell): string {
  const index = cells.indexOf(cell);
  const before = cells[index - 1];
  const after = cells[index + 1];
  if (before) return spliced(text, { start: before.at.end, end: cell.at.end }, "");
  if (after) return spliced(text, { start: cell.at.start, end: after.at.start }, "");
  return spliced(text, cellsAt, "[]");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // all that JSON.parse throws for
  }
}

/** The cell's text with some members set, or with undefined left out. */
function cellText(text: string, at: Span, changes: ReadonlyMap<string, unknown>): string {
  const members = membersOf(text, at.start);
  const opening = text.slice(at.start, members[0]?.start);
  const closing = text.slice(members.at(-1)?.end, at.end);
  const added = changes.keys().filter((key) => members.every((member) => member.key !== key));
  const parts = [
    ...members.map((member) => memberText(text, member, changes)),
    ...added.map((key) => valueText(`${JSON.stringify(key)}: `, text, changes.get(key))),
  ];
  const separator = `,${opening.slice(1)}`;
  return `${opening}${parts.filter((part) => part !== undefined).join(separator)}${closing}`;
}

function memberText(
  text: string,
  { key, start, end, value }: Member,
  changes: ReadonlyMap<string, unknown>,
): string | undefined {
  if (!changes.has(key)) return text.slice(start, end);
  return valueText(text.slice(start, value.start), text, changes.get(key));
}

function valueText(beginning: string, text: string, value: unknown): string | undefined {
  return value === undefined ? undefined : `${beginning}${written(text, value, 3)}`;
}

/** As JSON in the manner of `text`, for a place `depth` levels down in it. */
function written(text: string, value: unknown, depth: number): string {
  const [, newline, unit] = /^\s*\{(\r?\n)([ \t]*)/.exec(text) ?? [];
  if (newline === undefined || unit === undefined) return JSON.stringify(value);
  return JSON.stringify(value, null, unit).replaceAll("\n", `${newline}${unit.repeat(depth)}`);
}

function sourceOf(source: string, hasLines: boolean): string | string[] {
  if (!hasLines) return source;
  return source === "" ? [] : source.split(/(?<=\n)/);
}

function unusedId(cells: readonly Cell[], newId: () => string): string {
  for (;;) {
    const id = newId();
    if (cells.every((cell) => cell.id !== id)) return id;
  }
}

function spliced(text: string, { start, end }: Span, part: string): string {
  return `${text.slice(0, start)}${part}${text.slice(end)}`;
}

function emptyAt(place: number): Span {
  return { start: place, end: place };
}
