import { strict as assert } from "node:assert";
import { compactContextTool } from "../../src/tools/compact_context.ts";
import { ToolDesk } from "./desk.ts";

Deno.test("compact_context has the context compacted, with its instructions", async () => {
  await using desk = new ToolDesk();
  const result = {
    success: true,
    result: "The context will be compacted before the next model call",
    display_preference: null,
  };
  const table: readonly (readonly [args: Record<string, unknown>, instructions?: string])[] = [
    [{}],
    [{ instructions: null }],
    [{ instructions: " \n" }],
    [{ instructions: " keep the names " }, "keep the names"],
  ];
  for (const [args, instructions] of table) {
    const outcome = await desk.call(compactContextTool, args);
    assert.deepEqual(outcome, { result, compact: { instructions } });
  }
});

Deno.test("compact_context.prepare() refuses instructions that are too long", () => {
  const message = "instructions: expected at most 4000 characters, got 4001";
  const prepare = (length: number) =>
    compactContextTool.prepare({ instructions: "x".repeat(length) });
  assert.deepEqual(prepare(4000), { mutating: false, needs: [] });
  assert.throws(() => prepare(4001), { fault: "bad_input", message });
});
