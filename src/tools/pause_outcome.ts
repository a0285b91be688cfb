// What a tool gives back that asks the user and lets the run wait.
import type { Question } from "../core/question.ts";
import type { AgentToolOutcome } from "./tool.ts";

export type PauseReport = {
  readonly status: "awaiting_user_input" | "awaiting_permission_approval";
  /** wire: ToolResult.display_preference. */
  readonly display: string;
  /** Where what is asked holds more, which stands in fields of its own. */
  readonly question?: string;
  /** What only one of the tools tells. */
  readonly more: Readonly<Record<string, unknown>>;
};

/** The result is the question as JSON text, so that a host can show it again. */
export function pauseOutcome(
  pause: Question,
  { status, display, question = pause.question, more }: PauseReport,
): AgentToolOutcome {
  const { options, allowCustom } = pause;
  const report = { status, question, ...more, options, allow_custom: allowCustom };
  const result = JSON.stringify(report);
  return { result: { success: true, result, display_preference: display }, pause };
}
