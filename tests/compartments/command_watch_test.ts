import { strict as assert } from "node:assert";
import { exceeded } from "../../src/compartments/command_watch.ts";

const LIMITS = {
  memoryBytes: 1000,
  processes: 10,
  cpuSecs: undefined,
  fileBytes: 1,
  outputBytes: 1,
  tmpBytes: 500,
};

Deno.test("exceeded() names the limit that was passed, not one that was reached", () => {
  const at = { processes: 10, memoryBytes: 1000, tmpBytes: 500 };
  assert.equal(exceeded(LIMITS, at), undefined);
  assert.match(
    exceeded(LIMITS, { ...at, processes: 11 }) ?? "",
    /: 11, at most 10 \(capabilities\.sandbox\.limits\.processes\)$/,
  );
  assert.match(exceeded(LIMITS, { ...at, memoryBytes: 1001 }) ?? "", /memory_bytes\)$/);
  assert.match(exceeded(LIMITS, { ...at, tmpBytes: Infinity }) ?? "", /: Infinity.*tmp_bytes\)$/);
});
