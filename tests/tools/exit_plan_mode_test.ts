import { strict as assert } from "node:assert";
import { exitPlanModeTool } from "../../src/tools/exit_plan_mode.ts";
import { ToolDesk } from "./desk.ts";

Deno.test("ExitPlanMode pauses with the plan and its options", async () => {
  await using desk = new ToolDesk({ isPlanning: true });
  const options = [
    "Approve (Default mode)",
    "Approve (Accept edits mode)",
    "Stay in plan mode",
    "Edit plan first",
  ];
  const outcome = await desk.call(exitPlanModeTool, { plan: "1. Look\n2. Mend" });
  assert.deepEqual(outcome, {
    result: {
      success: true,
      result: JSON.stringify({
        status: "awaiting_user_input",
        question: "Is this plan approved?",
        plan: "1. Look\n2. Mend",
        exit_mode: null,
        options,
        allow_custom: false,
      }),
      display_preference: "json",
    },
    pause: {
      question: "Is this plan approved?\n\n1. Look\n2. Mend",
      options,
      allowCustom: false,
      subject: { type: "plan", exitMode: undefined },
    },
  });
});

Deno.test("ExitPlanMode offers the mode that the model proposes", async () => {
  await using desk = new ToolDesk({ isPlanning: true });
  const args = { plan: "Look", exit_mode: "bypass_permissions" };
  const { pause, result } = await desk.call(exitPlanModeTool, args);
  assert.deepEqual(pause?.subject, { type: "plan", exitMode: "bypass_permissions" });
  assert.equal(pause?.options[1], "Approve (Bypass permissions mode)");
  assert.equal(JSON.parse(result.result).exit_mode, "bypass_permissions");
});

Deno.test("ExitPlanMode refuses outside plan mode, and so cannot widen another mode", async () => {
  await using desk = new ToolDesk({ isPlanning: false });
  assert.equal(
    await desk.refusal(exitPlanModeTool, { plan: "x", exit_mode: "bypass_permissions" }),
    "refused: Cannot leave plan mode: the run is not in plan mode",
  );
});

Deno.test("ExitPlanMode.prepare() refuses an empty plan, one too long to be shown, and an unknown mode", () => {
  const modes = "expected default, accept_edits, dont_ask or bypass_permissions";
  const rows = "expected at most 200 rows of 67 characters, which is what the user is shown";
  const table: readonly (readonly [args: Record<string, unknown>, message: string])[] = [
    [{}, "plan: expected a string, got nothing"],
    [{ plan: "" }, "plan: expected some text, got an empty one"],
    [{ plan: " \n" }, "plan: expected a plan, got only blanks"],
    [{ plan: "x\n".repeat(198) }, `plan: ${rows}, got about 201`],
    [{ plan: "x".repeat(20_000) }, `plan: ${rows}, got about 301`],
    [{ plan: "x", exit_mode: "acceptEdits" }, `exit_mode: ${modes}, got "acceptEdits"`],
    [{ plan: "x", exit_mode: "toString" }, `exit_mode: ${modes}, got "toString"`],
  ];
  for (const [args, message] of table) {
    assert.throws(() => exitPlanModeTool.prepare(args), { fault: "bad_input", message });
  }
  for (const plan of ["x", "x\n".repeat(197)]) {
    assert.deepEqual(exitPlanModeTool.prepare({ plan }), { mutating: false, needs: [] });
  }
});
