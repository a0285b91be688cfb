// The part of a text that a change touched, found from both ends, in whole lines.

export type ChangedSpan = {
  readonly before: string;
  readonly after: string;
  /** The line the span starts at, from 1; the same in both texts. */
  readonly firstLine: number;
};

/** What is left without the lines that both texts start and end with, but for `context` of them. */
export function changedSpan(before: string, after: string, context: number): ChangedSpan {
  const start = lineStart(before, sameStart(before, after), context);
  const same = sameEnd(before.slice(start), after.slice(start));
  const tail = before.length - lineEnd(before, before.length - same, context);
  return {
    before: before.slice(start, before.length - tail),
    after: after.slice(start, after.length - tail),
    firstLine: newlinesBefore(before, start) + 1,
  };
}

function sameStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let same = 0;
  while (same < most && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  return same;
}

function sameEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let same = 0;
  while (same < most && a.charCodeAt(a.length - 1 - same) === b.charCodeAt(b.length - 1 - same)) {
    same++;
  }
  return same;
}

/** Where the line that `at` lies in starts, `more` lines before. */
function lineStart(text: string, at: number, more: number): number {
  let start = at;
  for (let lines = 0; lines <= more && start > 0; lines++) {
    const newline = start < 2 ? -1 : text.lastIndexOf("\n", lines === 0 ? start - 1 : start - 2);
    start = newline + 1;
  }
  return start;
}

/** Where the line that `at` lies in ends, its newline included, `more` lines after. */
function lineEnd(text: string, at: number, more: number): number {
  let end = at;
  for (let lines = 0; lines <= more && end < text.length; lines++) {
    const newline = text.indexOf("\n", end);
    end = newline === -1 ? text.length : newline + 1;
  }
  return end;
}

function newlinesBefore(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
