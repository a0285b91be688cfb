import { strict as assert } from "node:assert";
import {
  type Case,
  type Goal,
  isReached,
  measureInTurn,
  median,
  quantile,
  readCount,
  readRuns,
} from "../../bench/measure.ts";

Deno.test.each([
  [[7], 7],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9, 100], 10],
])("median() of %j is %d", (values, expected) => {
  assert.equal(median(values), expected);
});

Deno.test("quantile() lies between two values when its place does", () => {
  assert.deepEqual([0, 0.25, 0.95, 1].map((part) => quantile([40, 0, 20], part)), [0, 10, 38, 40]);
});

Deno.test("isReached() knows on which side of the bound to be", () => {
  const goals: readonly Goal[] = [{ type: "at_most", value: 5 }, { type: "at_least", value: 5 }];
  const values = [4, 5, 6];
  assert.deepEqual(goals.map((goal) => values.map((value) => isReached(goal, value))), [
    [true, true, false],
    [false, true, true],
  ]);
});

Deno.test("measureInTurn() goes round the cases and leaves the first round out", async () => {
  const log: string[] = [];
  const rows = await measureInTurn([counting("a", log), counting("b", log)], {
    runs: 2,
    onRound: (round) => log.push(`round ${round}`),
  });
  assert.deepEqual(log, ["round 0", "a", "b", "round 1", "a", "b", "round 2", "a", "b"]);
  assert.deepEqual(rows, [
    { name: "a", unit: "ms", values: [2, 3] },
    { name: "a twice", unit: "MB", values: [4, 6] },
    { name: "b", unit: "ms", values: [2, 3] },
    { name: "b twice", unit: "MB", values: [4, 6] },
  ]);
});

Deno.test("measureInTurn() names the case that failed", async () => {
  const broken: Case = {
    figures: [{ name: "it", unit: "ms" }],
    measure: () => Promise.reject(new Error("no such file")),
  };
  await assert.rejects(measureInTurn([broken], { runs: 1, onRound: () => {} }), {
    message: 'Cannot measure "it": no such file',
  });
});

Deno.test.each(["0", "-1", "1.5", "many"])("readRuns() refuses %s", (text) => {
  assert.throws(() => readRuns(text), {
    message: `Cannot measure --runs=${text}: expected a whole number from 1`,
  });
});

Deno.test("readCount() names the flag it refuses", () => {
  assert.equal(readCount("rate", "500"), 500);
  assert.throws(() => readCount("rate", "5 k"), {
    message: "Cannot measure --rate=5 k: expected a whole number from 1",
  });
});

function counting(name: string, log: string[]): Case {
  let count = 0;
  return {
    figures: [{ name, unit: "ms" }, { name: `${name} twice`, unit: "MB" }],
    measure() {
      log.push(name);
      count++;
      return Promise.resolve([count, count * 2]);
    },
  };
}
