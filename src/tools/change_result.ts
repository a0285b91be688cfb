// How Write and Edit tell what they did.
import type { ToolResult } from "../core/tool_result.ts";
import type { FileChange } from "./change_file.ts";

export type ChangeReport = {
  readonly operation: string;
  /** One line for the model. */
  readonly message: string;
  readonly workspace: string;
};

/** JSON text; `more` is what only one of the tools tells. */
export function changeResult(
  { path, diff }: FileChange<unknown>,
  { operation, message, workspace }: ChangeReport,
  more: Readonly<Record<string, unknown>> = {},
): ToolResult {
  const report = {
    operation,
    message,
    file_path: path,
    workspace,
    checkpoint: null,
    ...more,
    diff,
  };
  return { success: true, result: JSON.stringify(report), display_preference: "Default" };
}
