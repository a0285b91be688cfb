import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { LineSearch } from "../../src/tools/line_search.ts";
import { Pace } from "../../src/tools/pace.ts";

const pace = new Pace({ clock: systemClock, signal: new AbortController().signal });

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
    const search = new LineSearch(pattern, { ignoreCase: false, isMultiline: false, pace });
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
    const search = new LineSearch(pattern, { ignoreCase: false, isMultiline: true, pace });
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
    const search = new LineSearch("(a|b)+c", { ignoreCase: false, isMultiline, pace: timed });
    const { matched } = await search.search(`${"ab".repeat(50_000)}\n`.repeat(100), Infinity);
    assert.deepEqual([matched, timed.isOver], [[], true]);
  }
  assert.ok(turns > 10);
});

Deno.test("LineSearch ends when aborted", async () => {
  const controller = new AbortController();
  const slow = new Pace({ clock: systemClock, signal: controller.signal });
  const reason = new Error("stop");
  for (const isMultiline of [false, true]) {
    const search = new LineSearch("x", { ignoreCase: false, isMultiline, pace: slow });
    const searching = search.search("x\n".repeat(1_000_000), Infinity);
    controller.abort(reason);
    await assert.rejects(searching, (thrown) => thrown === reason);
  }
});
