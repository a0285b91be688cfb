import { strict as assert } from "node:assert";
import * as z from "zod";
import { taskItemSchema } from "../../src/core/task_list.ts";

Deno.test("taskItemSchema fills in a short item and reads old names", () => {
  const short = { id: "1", description: "d", status: "pending" };
  const filled = { ...short, depends_on: [], notes: "", phase: "execution", priority: "medium" };
  assert.deepEqual(z.parse(taskItemSchema, { ...short, evidence: [], blockers: [] }), filled);
  assert.deepEqual(
    z.parse(taskItemSchema, {
      ...short,
      activeForm: "doing",
      evidence: [{ summary: "x", ref: "r" }],
      blockers: [{ summary: "y" }],
    }),
    {
      ...filled,
      active_form: "doing",
      evidence: [{ kind: "note", summary: "x", reference: "r" }],
      blockers: [{ kind: "unknown", summary: "y" }],
    },
  );
});
