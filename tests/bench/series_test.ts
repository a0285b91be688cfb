import { strict as assert } from "node:assert";
import { growth, plot, tenths, tenthsTable } from "../../bench/series.ts";

const TO_TWENTY = Array.from({ length: 20 }, (_, at) => at + 1);

Deno.test("tenths() counts each value once", () => {
  const expected = TO_TWENTY.filter((value) => value % 2 === 1)
    .map((value) => ({ least: value, median: value + 0.5, most: value + 1 }));
  assert.deepEqual(tenths(TO_TWENTY), expected);
});

Deno.test("tenths() differ by at most one value when they do not come out even", () => {
  const parts = tenths(Array.from({ length: 13 }, (_, at) => at));
  const lengths = parts.map(({ least, most }) => most - least + 1);
  assert.deepEqual(lengths.toSorted(), [1, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
});

Deno.test.each([
  [[5, 5, 5, 5], 0],
  [[1, 3, 5, 7], 2],
  [[4, 3, 2], -1],
  [[0, 3, 0, 3], 0.6],
])("growth() of %j is %d", (values, expected) => {
  assert.equal(growth(values), expected);
});

Deno.test("plot() goes from the least value to the greatest", () => {
  const values = [100, 108, 116, 124, 131];
  assert.equal(plot(values, { width: 5, height: 4 }), "131    ▁█\n      ▁██\n     ▁███\n100 ▁████");
});

Deno.test("plot() shows the greatest value of each column", () => {
  assert.equal(plot([0, 7, 0, 0, 3, 0], { width: 3, height: 1 }), "7 █▁▄");
});

Deno.test("plot() of equal values lies on the ground", () => {
  assert.equal(plot([9, 9, 9], { width: 10, height: 2 }), "9\n9 ▁▁▁");
});

Deno.test("tenthsTable() numbers the tenths", () => {
  assert.equal(
    tenthsTable(TO_TWENTY.slice(10)),
    "tenth of the run   1   2   3   4   5   6   7   8   9  10\n" +
      "least             11  12  13  14  15  16  17  18  19  20\n" +
      "median            11  12  13  14  15  16  17  18  19  20\n" +
      "most              11  12  13  14  15  16  17  18  19  20",
  );
});
