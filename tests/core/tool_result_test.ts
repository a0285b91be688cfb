import { strict as assert } from "node:assert";
import * as z from "zod";
import { type ToolResult, toolResultSchema } from "../../src/core/tool_result.ts";

Deno.test("toolResultSchema always has a display preference and leaves out no images", () => {
  const bare: ToolResult = { success: true, result: "x", display_preference: null };
  assert.deepEqual(z.parse(toolResultSchema, { success: true, result: "x" }), bare);
  assert.deepEqual(z.parse(toolResultSchema, { ...bare, images: [] }), bare);
  const pictured: ToolResult = {
    ...bare,
    display_preference: "image",
    images: [{ mime_type: "image/png", data: "iVBORw0KGgo=" }],
  };
  assert.deepEqual(z.parse(toolResultSchema, pictured), pictured);
});
