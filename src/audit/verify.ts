// Judges a whole audit log: whether each line still follows the one before, and where not. Pure.
// Who has the log and our program can forge all of it: keep the last hash elsewhere against that.
import { isTorn, type Link, NO_LINE, readLink, sha256 } from "./entry.ts";

export type Verdict =
  | {
    readonly type: "intact";
    readonly entries: number;
    /** Activations of the agent. */
    readonly epochs: number;
    /** Lines whose writing was broken off, the last one included. */
    readonly tornLines: number;
    /** Whether the last line is such a one, and nothing was written since. */
    readonly endsTorn: boolean;
    /** Whether the last entry is an `end`: if not, the worker runs, was killed, or lines are gone. */
    readonly hasEnd: boolean;
    /** Of the last line. */
    readonly hash: string;
  }
  | {
    readonly type: "broken";
    /** From 1 on. */
    readonly line: number;
    readonly problem: "changed" | "missing" | "reordered";
    /** The same in words. */
    readonly what: string;
  };

type Broken = Extract<Verdict, { type: "broken" }>;

/** `text` is the file's, decoded with a byte order mark kept. */
export function verifyLines(text: string): Verdict {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const links = lines.map(readLink);
  const log: Log = { lines, links };
  const epochs = new Set<number>();
  let entries = 0;
  let wholeHash = NO_LINE;
  for (const [at, link] of links.entries()) {
    const seq = entries + 1;
    if (link === undefined) {
      if (isTornHere(log, at, { seq, wholeHash })) continue;
      return changed(at, "is no entry");
    }
    const broken = breakAt(log, at, { link, seq });
    if (broken) return broken;
    entries++;
    epochs.add(link.epoch);
    wholeHash = sha256(lines[at] ?? "");
  }
  const last = links.at(-1);
  return {
    type: "intact",
    entries,
    epochs: epochs.size,
    tornLines: lines.length - entries,
    endsTorn: lines.length > 0 && last === undefined,
    hasEnd: last?.kind === "end",
    hash: hashBefore(log, lines.length),
  };
}

type Log = { readonly lines: readonly string[]; readonly links: readonly (Link | undefined)[] };

/** A torn line is one nothing follows but its own kind and the entry that tells of it. */
function isTornHere(
  { lines, links }: Log,
  at: number,
  { seq, wholeHash }: { readonly seq: number; readonly wholeHash: string },
): boolean {
  if (!isTorn(lines[at] ?? "", seq)) return false;
  const next = links.slice(at).find((link) => link !== undefined);
  return next === undefined || (next.kind === "torn_lines" && next.after === wholeHash);
}

/** What is wrong between the line at `at` and the one before; undefined when it follows. */
function breakAt(
  log: Log,
  at: number,
  { link, seq }: { readonly link: Link; readonly seq: number },
): Broken | undefined {
  const follows = link.prev === hashBefore(log, at);
  if (follows) return link.seq === seq ? undefined : changed(at, `is numbered ${link.seq}`);
  if (link.seq === seq) {
    // The hash is of the line before: whichever of the two the next line still fits is as it was.
    const isItself = at === 0 || log.links[at + 1]?.prev !== hashBefore(log, at + 1);
    const isLast = at === log.lines.length - 1;
    return changed(at > 0 && (!isItself || isLast) ? at - 1 : at, "is not as it was written");
  }
  return misplaced(log, at, { found: link.seq, seq });
}

function misplaced(
  { links }: Log,
  at: number,
  { found, seq }: { readonly found: number; readonly seq: number },
): Broken {
  const line = at + 1;
  const isElsewhere = links.some((link, index) => index > at && link?.seq === seq);
  if (found < seq || isElsewhere) {
    const what = `line ${line} holds entry ${found} where entry ${seq} belongs`;
    return { type: "broken", line, problem: "reordered", what };
  }
  const gone = found - seq === 1 ? `entry ${seq} is` : `entries ${seq} to ${found - 1} are`;
  return { type: "broken", line, problem: "missing", what: `${gone} missing before line ${line}` };
}

function changed(at: number, how: string): Broken {
  return { type: "broken", line: at + 1, problem: "changed", what: `line ${at + 1} ${how}` };
}

function hashBefore({ lines }: Log, at: number): string {
  const before = lines[at - 1];
  return before === undefined ? NO_LINE : sha256(before);
}
