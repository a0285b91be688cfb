// Where a log that was written before ends, and so what the next entry has to name. Pure.
import { WorkerError } from "../core/errors.ts";
import { isTorn, NO_LINE, readLink, sha256 } from "./entry.ts";

export type LogEnd = {
  /** Of the last whole entry; 0 for none. */
  readonly seq: number;
  readonly epoch: number;
  /** Of the last line, whole or torn. */
  readonly hash: string;
  /** Lines after the last whole entry whose writing was broken off. */
  readonly torn: { readonly lines: number; readonly after: string } | undefined;
  /** Whether a newline is missing before the next entry. */
  readonly isOpen: boolean;
};

/**
 * `text` is a whole log, or its end from the beginning of some line on; undefined when such an end
 * holds no whole entry, so that more of it is needed.
 * @throws WorkerError `internal` when what stands at the end was never written by a log.
 */
export function logEnd(
  text: string,
  { isWhole }: { readonly isWhole: boolean },
): LogEnd | undefined {
  const lines = text.split("\n");
  const isOpen = lines.at(-1) !== "";
  if (!isOpen) lines.pop();
  const last = lines.findLastIndex((line) => readLink(line) !== undefined);
  if (last === -1 && !isWhole) return undefined;
  const whole = lines[last];
  const { seq, epoch } = (whole === undefined ? undefined : readLink(whole)) ?? NOTHING;
  const torn = lines.slice(last + 1);
  if (!torn.every((line) => isTorn(line, seq + 1))) {
    throw new WorkerError("internal", "it ends in a line that is no entry");
  }
  const after = whole === undefined ? NO_LINE : sha256(whole);
  return {
    seq,
    epoch,
    hash: lines.length === 0 ? NO_LINE : sha256(lines.at(-1) ?? ""),
    torn: torn.length === 0 ? undefined : { lines: torn.length, after },
    isOpen,
  };
}

const NOTHING = { seq: 0, epoch: 0 } as const;
