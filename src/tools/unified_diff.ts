// What a change did to a text, as a unified diff of bounded size and cost.
import { HERE, withSlashes } from "../base/path_system.ts";
import { structuredPatch, type StructuredPatchHunk } from "diff";
import { changedSpan } from "./changed_span.ts";

const MAX_LINES = 400;
const MAX_CHARACTERS = 64_000;
/** Spans larger or further apart are shown as one removal and one addition. */
const MAX_COMPARED_CHARACTERS = 512 * 1024;
const MAX_EDIT_LENGTH = 2000;
const CONTEXT = 3;

export type UnifiedDiff = {
  readonly format: "unified";
  readonly unified: string;
  /** Lines of the whole change, also when the text is truncated. */
  readonly counts: { readonly added: number; readonly removed: number };
  readonly truncated: boolean;
};

type Hunk = Pick<
  StructuredPatchHunk,
  "oldStart" | "oldLines" | "newStart" | "newLines" | "lines"
>;
type Comparison = { readonly hunks: readonly Hunk[]; readonly counts: UnifiedDiff["counts"] };

/** `before` is undefined for a new file. */
export function unifiedDiff(path: string, before: string | undefined, after: string): UnifiedDiff {
  const { hunks, counts } = compare(before ?? "", after);
  const name = HERE === "windows" ? `/${withSlashes(path)}` : path;
  const from = before === undefined ? "/dev/null" : `a${name}`;
  const body = hunks.flatMap((hunk) => [headOf(hunk), ...hunk.lines]);
  return { format: "unified", counts, ...bounded([`--- ${from}`, `+++ b${name}`, ...body]) };
}

function compare(before: string, after: string): Comparison {
  const span = changedSpan(before, after, CONTEXT);
  if (span.before.length + span.after.length > MAX_COMPARED_CHARACTERS) return replacement(span);
  const options = { context: CONTEXT, maxEditLength: MAX_EDIT_LENGTH };
  const patch = structuredPatch("", "", span.before, span.after, "", "", options);
  if (!patch) return replacement(span);
  const hunks = patch.hunks.map((hunk) => ({
    ...hunk,
    oldStart: hunk.oldStart + span.firstLine - 1,
    newStart: hunk.newStart + span.firstLine - 1,
  }));
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return { hunks, counts: { added: countOf("+", lines), removed: countOf("-", lines) } };
}

/** Everything out, everything in; no more lines than are shown anyway. */
function replacement({ before, after, firstLine }: ReturnType<typeof changedSpan>): Comparison {
  const counts = { added: lineCount(after), removed: lineCount(before) };
  const lines = [...marked("-", before), ...marked("+", after)];
  const oldLines = counts.removed;
  const newLines = counts.added;
  return {
    hunks: [{ oldStart: firstLine, oldLines, newStart: firstLine, newLines, lines }],
    counts,
  };
}

function marked(mark: string, text: string): string[] {
  const shown = text.split("\n", MAX_LINES + 1);
  return shown.slice(0, Math.min(lineCount(text), MAX_LINES)).map((line) => mark + line);
}

function lineCount(text: string): number {
  let count = text === "" || text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function countOf(mark: string, lines: readonly string[]): number {
  return lines.filter((line) => line.startsWith(mark)).length;
}

function headOf({ oldStart, oldLines, newStart, newLines }: Hunk): string {
  return `@@ -${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)} @@`;
}

/** An empty range is named by the line before it. */
function rangeOf(start: number, count: number): string {
  if (count === 1) return `${start}`;
  return `${count === 0 ? start - 1 : start},${count}`;
}

function bounded(lines: readonly string[]): { unified: string; truncated: boolean } {
  const whole = lines.slice(0, MAX_LINES).join("\n");
  const unified = whole.slice(0, MAX_CHARACTERS);
  return { unified, truncated: lines.length > MAX_LINES || whole.length > MAX_CHARACTERS };
}
