import { strict as assert } from "node:assert";
import { isExitMode, planOptions } from "../../src/core/plan_approval.ts";
import type { ExitMode } from "../../src/core/question.ts";

const TABLE: readonly (readonly [exitMode: ExitMode | undefined, ...approvals: string[]])[] = [
  [undefined, "Approve (Default mode)", "Approve (Accept edits mode)"],
  ["default", "Approve (Default mode)"],
  ["accept_edits", "Approve (Default mode)", "Approve (Accept edits mode)"],
  ["dont_ask", "Approve (Default mode)", "Approve (Don't ask mode)"],
  ["bypass_permissions", "Approve (Default mode)", "Approve (Bypass permissions mode)"],
];

Deno.test("planOptions() offer the default mode first, and more only as it was proposed", () => {
  for (const [exitMode, ...approvals] of TABLE) {
    const options = [...approvals, "Stay in plan mode", "Edit plan first"];
    assert.deepEqual(planOptions(exitMode), options);
  }
});

Deno.test("isExitMode() knows the four words and nothing else", () => {
  const words = ["default", "accept_edits", "dont_ask", "bypass_permissions"];
  const others = ["Default", "acceptEdits", "plan", "toString", "__proto__", ""];
  assert.deepEqual([...words, ...others].filter(isExitMode), words);
});
