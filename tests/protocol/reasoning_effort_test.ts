import { strict as assert } from "node:assert";
import { readReasoningEffort } from "../../src/protocol/reasoning_effort.ts";

Deno.test("readReasoningEffort() knows five words and takes others for none", () => {
  for (const word of ["low", "medium", "high", "xhigh", "max"]) {
    assert.equal(readReasoningEffort(word), word);
  }
  for (const word of ["", "HIGH", "banana", undefined]) {
    assert.equal(readReasoningEffort(word), undefined);
  }
});
