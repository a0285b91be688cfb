import { strict as assert } from "node:assert";
import { RecentLines } from "../../src/tools/recent_lines.ts";

Deno.test("RecentLines keeps the last lines and their numbers", () => {
  const lines = new RecentLines({ maxLines: 3, maxCharacters: 1000 });
  assert.deepEqual([lines.first, lines.end, lines.since(0)], [0, 0, []]);
  for (let number = 0; number < 1000; number++) {
    lines.push(`${number}`);
    const first = Math.max(number - 2, 0);
    const kept = [number - 2, number - 1, number].filter((one) => one >= 0).map(String);
    assert.deepEqual([lines.first, lines.end, lines.since(0)], [first, number + 1, kept]);
  }
  assert.deepEqual(lines.since(998), ["998", "999"]);
  assert.deepEqual(lines.since(1000), []);
});

Deno.test("RecentLines drops lines when all together are too long", () => {
  const lines = new RecentLines({ maxLines: 100, maxCharacters: 10 });
  for (const line of ["12345", "12345", "", "1", "1234567890"]) lines.push(line);
  assert.deepEqual([lines.first, lines.since(0)], [4, ["1234567890"]]);
});
