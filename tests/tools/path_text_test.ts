import { strict as assert } from "node:assert";
import * as z from "zod";
import { readInput } from "../../src/tools/input.ts";
import { pathField, shown } from "../../src/tools/path_text.ts";

const input = z.object({ path: pathField("a path") });

Deno.test("pathField() refuses what is no path", () => {
  const table: readonly (readonly [path: string, message: string])[] = [
    ["", "path: expected a path, got an empty text"],
    ["a\0b", "path: expected a path, got a text with a NUL character"],
    ["a".repeat(10_000), "path: expected a path of at most 4096 characters, got 10000"],
    ["~", "path: expected a path, got one with ~, which is not expanded"],
    ["~/.ssh", "path: expected a path, got one with ~, which is not expanded"],
  ];
  for (const [path, message] of table) {
    assert.throws(() => readInput(input, { path }), { fault: "bad_input", message });
  }
});

Deno.test("pathField() takes every other text", () => {
  for (const path of ["a", "/", "..", " ", "~a", "a/~", "a\nb", "-x", "ü", "a".repeat(4096)]) {
    assert.deepEqual(readInput(input, { path }), { path });
  }
});

Deno.test("shown() quotes, writes out control characters and cuts", () => {
  assert.equal(shown("/a b"), '"/a b"');
  assert.equal(shown('"\n\x1b\x7f\u202e'), '"\\"\\n\\u001b\\u007f\\u202e"');
  assert.equal(shown("a".repeat(500)), `"${"a".repeat(400)}…"`);
});
