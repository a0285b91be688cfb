// A log for tests: some lines as nextLine makes them.
import { type AuditEntry, nextLine, NO_LINE, sha256 } from "../../src/audit/entry.ts";

const FACTS: readonly Pick<AuditEntry, "kind" | "facts">[] = [
  { kind: "run_started", facts: { run: "r-1" } },
  { kind: "tool_refused", facts: { run: "r-1", tool_name: "Read", reason: "ungranted: /etc/ü" } },
  { kind: "approval_answered", facts: { request: "sa-0", outcome: "denied", delay_ms: 7 } },
  { kind: "run_ended", facts: { run: "r-1", status: "error", reason: "refused" } },
  { kind: "end", facts: {} },
];

/** Five lines of the first activation, without newlines. */
export function fiveLines(): string[] {
  const lines: string[] = [];
  for (const [at, fact] of FACTS.entries()) {
    lines.push(nextLine(hashOfLast(lines), entry(at + 1, fact)));
  }
  return lines;
}

export function entry(seq: number, fact: Pick<AuditEntry, "kind" | "facts">): AuditEntry {
  return { seq, at: "2026-06-18T10:00:00Z", mono_ms: seq * 10, epoch: 1, ...fact };
}

export function hashOfLast(lines: readonly string[]): string {
  const last = lines.at(-1);
  return last === undefined ? NO_LINE : sha256(last);
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
