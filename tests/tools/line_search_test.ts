import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { LineSearch } from "../../src/tools/line_search.ts";
import { Pace } from "../../src/tools/pace.ts";

const pace = new Pace(systemClock, new AbortController().signal);

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

Deno.test("LineSearch searches the first 10000 characters of a line", async () => {
  const search = new LineSearch("b", { ignoreCase: false, isMultiline: false, pace });
  const lines = [`${"a".repeat(9999)}b`, `${"a".repeat(10_000)}b`];
  assert.deepEqual((await search.search(lines.join("\n"), Infinity)).matched, [0]);
});

Deno.test("LineSearch takes a text in one piece only if that is soon done", () => {
  const takes = (pattern: string, isMultiline: boolean) =>
    new LineSearch(pattern, { ignoreCase: false, isMultiline, pace }).takes(2 * 1024 * 1024);
  assert.deepEqual([takes("a.*b", true), takes("a{100}", true), takes("a{100}", false)], [
    true,
    false,
    true,
  ]);
});

Deno.test("LineSearch ends when aborted", async () => {
  const controller = new AbortController();
  const slow = new Pace(systemClock, controller.signal);
  const reason = new Error("stop");
  for (const isMultiline of [false, true]) {
    const search = new LineSearch("x", { ignoreCase: false, isMultiline, pace: slow });
    const searching = search.search("x\n".repeat(1_000_000), Infinity);
    controller.abort(reason);
    await assert.rejects(searching, (thrown) => thrown === reason);
  }
});
