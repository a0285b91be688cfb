import { strict as assert } from "node:assert";
import { cpuMsIn } from "../../bench/cpu_time.ts";

const REST = "1 2 3 0 -1 4194304 500 0 0 0 37 5 900 800 20 0 7 0 100 1 1\n";

Deno.test.each(["sheath", "a b", "x) S 1 2 3 (y"])(
  "cpuMsIn() adds user and system time of a program named %s, and nothing of its children",
  (name) => {
    assert.equal(cpuMsIn(`42 (${name}) S ${REST}`), 420);
  },
);

Deno.test("cpuMsIn() refuses what is cut off", () => {
  assert.throws(() => cpuMsIn("42 (sheath) S 1 2\n"), {
    message: 'Cannot read the time in "42 (sheath) S 1 2"',
  });
});
