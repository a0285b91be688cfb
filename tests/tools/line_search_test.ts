import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { LinearPattern } from "../../src/tools/linear_pattern.ts";
import { LineSearch } from "../../src/tools/line_search.ts";
import { Pace } from "../../src/tools/pace.ts";

const pace = new Pace({ clock: systemClock, signal: new AbortController().signal });

function searchFor(
  pattern: string,
  options: { readonly isMultiline: boolean; readonly pace: Pace },
): LineSearch {
  const { isMultiline } = options;
  return new LineSearch(new LinearPattern(pattern, { ignoreCase: false, isMultiline }), options);
}

Deno.test("LineSearch finds the lines that match", async () => {
  const table: readonly (readonly [pattern: string, text: string, matched: readonly number[]])[] = [
    ["b", "a\nb\nab\n", [1, 2]],
    ["^b$", "a\nb\r\nab", [1]],
    ["^$", "a\n\nb\n", [1]],
    ["x", "", []],
    ["a", "a", [0]],
    ["a\\nb", "a\nb", []],
    [".", "\u2028a\n", [0]],
  ];
  for (const [pattern, text, matched] of table) {
    const search = searchFor(pattern, { isMultiline: false, pace });
    assert.deepEqual((await search.search(text, Infinity)).matched, matched, pattern);
  }
});

Deno.test("LineSearch finds matches that span lines", async () => {
  const table: readonly (readonly [pattern: string, text: string, matched: readonly number[]])[] = [
    ["a\\nb", "x\na\nb\na\nb", [1, 2, 3, 4]],
    ["a.*?c", "a\nb\nc\nd\nac", [0, 1, 2, 4]],
    ["^b", "a\nb\nbb", [1, 2]],
    ["a$", "a\r\nba\nab", [0, 1]],
    ["b\\n", "a\nb\nc", [1]],
    ["x*", "ab\nc\n", [0, 1]],
    ["z", "a\nb", []],
  ];
  for (const [pattern, text, matched] of table) {
    const search = searchFor(pattern, { isMultiline: true, pace });
    assert.deepEqual((await search.search(text, Infinity)).matched, matched, pattern);
    assert.deepEqual((await search.search(text, 1)).matched, matched.slice(0, 1), pattern);
  }
});

Deno.test("LineSearch lets others run, and ends when its time is over", async () => {
  let elapsed = 0;
  const clock = { ...systemClock, monotonic: () => elapsed += 30 };
  let turns = 0;
  for (const isMultiline of [false, true]) {
    const timed = new Pace({
      clock: { ...clock, sleep: (ms, signal) => (turns++, systemClock.sleep(ms, signal)) },
      signal: new AbortController().signal,
      maxMs: 500,
    });
    const search = searchFor("b", { isMultiline, pace: timed });
    const { matched } = await search.search("b\n".repeat(100), Infinity);
    assert.ok(matched.length > 0 && matched.length < 20, `${matched.length} lines`);
    assert.ok(timed.isOver);
  }
  assert.ok(turns > 10);
});

Deno.test("LineSearch leaves out what is too long for the pattern, and counts it", async () => {
  const long = "b".repeat(100_000);
  const text = `ab\n${long}\nb\n${long}\n`;
  const lines = ["ab", long, "b", long];
  for (
    const [isMultiline, expected] of [
      [false, { lines, matched: [0, 2], tooLong: 2 }],
      [true, { lines, matched: [], tooLong: 1 }],
    ] as const
  ) {
    const search = searchFor("b(c{100}){0,10}", { isMultiline, pace });
    assert.deepEqual(await search.search(text, Infinity), expected);
  }
});

Deno.test("LineSearch ends when aborted", async () => {
  const controller = new AbortController();
  const slow = new Pace({ clock: systemClock, signal: controller.signal });
  const reason = new Error("stop");
  for (const isMultiline of [false, true]) {
    const search = searchFor("x", { isMultiline, pace: slow });
    const searching = search.search("x\n".repeat(1_000_000), Infinity);
    controller.abort(reason);
    await assert.rejects(searching, (thrown) => thrown === reason);
  }
});
