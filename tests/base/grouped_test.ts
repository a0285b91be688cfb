import { strict as assert } from "node:assert";
import { grouped } from "../../src/base/grouped.ts";

Deno.test("grouped() sets a comma before every three digits", () => {
  const cases = [[0, "0"], [999, "999"], [1_000, "1,000"], [1_234_567, "1,234,567"]] as const;
  for (const [count, text] of cases) assert.equal(grouped(count), text);
});
