// The end of a run for people and for the shell: its result, what went wrong, the exit code.
import { oneLine, printable } from "../host/printable.ts";
import type { TerminalFrame } from "../protocol/frames.ts";
import type { Style } from "./style.ts";
import type { Output } from "./view.ts";

export type ResultOptions = {
  readonly style: Style;
  /** Whether stdout is a terminal: then its text is made harmless. */
  readonly isTerminal: boolean;
};

/** Exit codes of `sheath run` by how the run ended. */
export function exitCodeOf({ status, reason }: TerminalFrame): number {
  switch (status) {
    case "completed":
      return 0;
    case "suspended":
      return EXIT_FAILED;
    case "cancelled":
      return EXIT_CANCELLED;
    case "error":
      return exitCodeOfReason(reason ?? "failed");
  }
}

export const EXIT_CANCELLED = 4;
const EXIT_FAILED = 1;

function exitCodeOfReason(reason: NonNullable<TerminalFrame["reason"]>): number {
  switch (reason) {
    case "failed":
      return EXIT_FAILED;
    case "refused":
      return 3;
    case "limit":
    case "budget":
      return 5;
    case "timeout":
      return 124;
  }
}

/** The exit code for a worker that ended before it could be reached: bad spec, refused, or failed. */
export function exitCodeOfBoot(code: number): number {
  return code === 2 || code === 3 ? code : 1;
}

/** The result as a text that ends its line; nothing for none. */
export function resultText(
  { result, status }: TerminalFrame,
  options: ResultOptions,
): readonly Output[] {
  if (!result || status === "suspended") return [];
  const text = options.isTerminal ? printable(result) : result;
  return [{ to: "stdout", text: text.endsWith("\n") ? text : `${text}\n` }];
}

/** One line for a run that did not complete; nothing for one that did. */
export function troubleLine(frame: TerminalFrame, { style }: ResultOptions): readonly Output[] {
  const what = troubleOf(frame);
  return what === undefined ? [] : [{ to: "stderr", text: `${style.bad("sheath:")} ${what}\n` }];
}

function troubleOf({ status, error, result }: TerminalFrame): string | undefined {
  switch (status) {
    case "completed":
      return undefined;
    case "suspended":
      return oneLine(`the run waits for an answer that nobody gave: ${result ?? ""}`, 2000);
    case "cancelled":
      return "cancelled";
    case "error":
      return oneLine(error ?? "run failed", 2000);
  }
}
