// EnterPlanMode: says how plan mode begins; a model cannot begin it.
import * as z from "zod";
import { atOnce } from "./at_once.ts";
import { readInput } from "./input.ts";
import type { AgentTool } from "./tool.ts";

const input = z.object({
  reason: z.optional(
    z.string().check(z.describe("Why the task should be planned first, in a sentence.")),
  ),
});

const ANSWER = 'Plan mode begins with the run, by permission_mode "plan", and not by a tool: this \
call changed nothing. To plan first, look without changing anything and tell the plan';

export const enterPlanModeTool: AgentTool = {
  name: "EnterPlanMode",
  runs: "agent",
  description:
    `Does not switch plan mode on: only whoever starts the run can, by permission_mode "plan". To \
plan before you change anything you need no tool: look, tell the plan, and go on when it is agreed.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readInput(input, raw);
    return { mutating: false, needs: [] };
  },
  perform(raw, _desk, signal) {
    return atOnce(signal, () => {
      readInput(input, raw);
      return { result: { success: false, result: ANSWER, display_preference: "error" } };
    });
  },
};
