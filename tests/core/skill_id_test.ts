import { strict as assert } from "node:assert";
import { isSkillId } from "../../src/core/skill_id.ts";

Deno.test("isSkillId() takes lower-case words with single hyphens between them", () => {
  for (const text of ["a", "pdf-2", "0", "a-b-c"]) assert.ok(isSkillId(text), text);
  for (const text of ["", "-", "a-", "-a", "a--b", "A", "a_b", "a/b", "..", "é", "a\n"]) {
    assert.ok(!isSkillId(text), text);
  }
});
