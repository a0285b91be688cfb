import { strict as assert } from "node:assert";
import { enterPlanModeTool } from "../../src/tools/enter_plan_mode.ts";
import { ToolDesk } from "./desk.ts";

Deno.test("EnterPlanMode says that it changed nothing, and changes nothing", async () => {
  await using desk = new ToolDesk();
  const result = 'Plan mode begins with the run, by permission_mode "plan", and not by a tool: \
this call changed nothing. To plan first, look without changing anything and tell the plan';
  assert.deepEqual(await desk.call(enterPlanModeTool, { reason: "large" }), {
    result: { success: false, result, display_preference: "error" },
  });
  assert.deepEqual(enterPlanModeTool.prepare({}), { mutating: false, needs: [] });
});
