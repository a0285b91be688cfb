// How the end of a program stands in a tool's result.
import type { ToolResult } from "../core/tool_result.ts";
import type { RunEnd } from "./shells.ts";

/** `before` and `after` are the fields around those of the end; success is an exit code of 0. */
export function runResult(
  end: RunEnd,
  { before = {}, after = {} }: {
    readonly before?: Readonly<Record<string, unknown>>;
    readonly after?: Readonly<Record<string, unknown>>;
  } = {},
): ToolResult {
  const { exitCode, stdout, stderr, isCut, isTimedOut } = end;
  const fields = {
    ...before,
    stdout,
    stderr,
    exit_code: exitCode,
    timed_out: isTimedOut,
    stdout_truncated: isCut.stdout,
    stderr_truncated: isCut.stderr,
    ...after,
  };
  const success = exitCode === 0 && !isTimedOut;
  return { success, result: JSON.stringify(fields), display_preference: "Collapsible" };
}
