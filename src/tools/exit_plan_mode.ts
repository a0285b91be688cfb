// ExitPlanMode: shows a plan and waits for a yes.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { isExitMode, planOptions } from "../core/plan_approval.ts";
import type { ExitMode } from "../core/question.ts";
import { rowsAtMost, SHOWN_ROWS, SURE_COLUMNS } from "../core/question_rows.ts";
import { atOnce } from "./at_once.ts";
import { badInput, readInput, someText } from "./input.ts";
import { pauseOutcome } from "./pause_outcome.ts";
import type { AgentTool } from "./tool.ts";

const QUESTION = "Is this plan approved?";

const input = z.object({
  plan: someText(
    "The whole plan, as the user is to read it: what will be changed, and in which order.",
  ),
  exit_mode: z.optional(
    z.string().check(z.describe(
      "How the run should go on: default, accept_edits, dont_ask or bypass_permissions. It is \
offered to the user, who decides.",
    )),
  ),
});

export const exitPlanModeTool: AgentTool = {
  name: "ExitPlanMode",
  runs: "agent",
  pauses: true,
  description:
    `Shows the user your finished plan and asks for approval; the run waits for the answer. An \
approval ends plan mode. Use it when the plan needs no more looking around, and not for questions: \
those are for conclusion_with_options.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readRequest(raw);
    return { mutating: false, needs: [] };
  },
  perform(raw, { isPlanning }, signal) {
    return atOnce(signal, () => {
      const { plan, exitMode } = readRequest(raw);
      if (!isPlanning) {
        throw new WorkerError("refused", "Cannot leave plan mode: the run is not in plan mode");
      }
      const question = {
        question: questionOf(plan),
        options: planOptions(exitMode),
        allowCustom: false,
        subject: { type: "plan", exitMode },
      } as const;
      const more = { plan, exit_mode: exitMode ?? null };
      return pauseOutcome(question, {
        status: "awaiting_user_input",
        display: "json",
        question: QUESTION,
        more,
      });
    });
  },
};

function readRequest(
  raw: Readonly<Record<string, unknown>>,
): { readonly plan: string; readonly exitMode: ExitMode | undefined } {
  const { plan, exit_mode } = readInput(input, raw);
  if (plan.trim() === "") throw badInput("plan", "expected a plan, got only blanks");
  const rows = rowsAtMost(questionOf(plan));
  if (rows > SHOWN_ROWS) {
    const most = `at most ${SHOWN_ROWS} rows of ${SURE_COLUMNS} characters`;
    throw badInput("plan", `expected ${most}, which is what the user is shown, got about ${rows}`);
  }
  if (exit_mode === undefined || isExitMode(exit_mode)) return { plan, exitMode: exit_mode };
  const got = JSON.stringify(exit_mode.slice(0, 60));
  const wanted = "default, accept_edits, dont_ask or bypass_permissions";
  throw badInput("exit_mode", `expected ${wanted}, got ${got}`);
}

/** The plan is part of it: whoever says yes has it before them, at any host. */
function questionOf(plan: string): string {
  return `${QUESTION}\n\n${plan}`;
}
