import { strict as assert } from "node:assert";
import { isSafeChildId } from "../../src/protocol/child_id.ts";

Deno.test("isSafeChildId() tells names that can be files from those that cannot", () => {
  for (const id of ["a", "child-1#mcp", "A_b.c-9", "-", "x".repeat(200)]) {
    assert.equal(isSafeChildId(id), true, id);
  }
  for (const id of ["", ".", "..", ".a", "a/b", "a\\b", "a b", "a\n", "ä", "x".repeat(201)]) {
    assert.equal(isSafeChildId(id), false, id);
  }
});
