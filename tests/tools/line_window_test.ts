import { strict as assert } from "node:assert";
import fc from "fast-check";
import { LineWindow, type LineWindowOptions } from "../../src/tools/line_window.ts";

Deno.test("LineWindow keeps the wanted lines, however the bytes are cut", () => {
  const text = "one\n\ntwö\r\nthree 😀\n\nlast";
  const lines = ["one", "", "twö", "three 😀", "", "last"];
  const bytes = new TextEncoder().encode(text);
  for (let first = 1; first <= 7; first++) {
    for (let maxLines = 1; maxLines <= 7; maxLines++) {
      for (let size = 1; size <= bytes.length; size++) {
        const window = fed(bytes, size, { first, maxLines, maxBytes: 1000, bytesPerLine: 0 });
        const seen = { lines: window.lines(), total: window.total, isCut: window.isCut };
        const wanted = lines.slice(first - 1, first - 1 + maxLines);
        assert.deepEqual(seen, { lines: wanted, total: 6, isCut: false });
      }
    }
  }
});

Deno.test("LineWindow counts lines as an editor does", () => {
  const table: readonly (readonly [text: string, lines: readonly string[]])[] = [
    ["", []],
    ["\n", [""]],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\n\n", ["a", ""]],
    ["\r\n\r", ["", ""]],
  ];
  for (const [text, lines] of table) {
    const options = { first: 1, maxLines: 10, maxBytes: 1000, bytesPerLine: 0 };
    const window = fed(new TextEncoder().encode(text), 1, options);
    assert.deepEqual([window.lines(), window.total], [lines, lines.length], JSON.stringify(text));
  }
});

Deno.test("LineWindow keeps at most maxBytes, and says when a line is cut", () => {
  const bytes = new TextEncoder().encode("abc\ndef\nghi\n");
  const at = (maxBytes: number, bytesPerLine = 0, size = 5) => {
    const window = fed(bytes, size, { first: 1, maxLines: 10, maxBytes, bytesPerLine });
    return [window.lines(), window.isCut, window.total];
  };
  assert.deepEqual(at(12), [["abc", "def", "ghi"], false, 3]);
  assert.deepEqual(at(8), [["abc", "def"], false, 3]);
  assert.deepEqual(at(6), [["abc", "de"], true, 3]);
  assert.deepEqual(at(2), [["ab"], true, 3]);
  assert.deepEqual(at(6, 0, 6), [["abc", "de"], true, 3]);
  assert.deepEqual(at(4, 0, 4), [["abc"], false, 3]);
  assert.deepEqual(at(15, 1), [["abc", "def", "ghi"], false, 3]);
  assert.deepEqual(at(14, 1), [["abc", "def", "ghi"], true, 3]);
  assert.deepEqual(at(10, 1), [["abc", "def"], false, 3]);
});

Deno.test("LineWindow sees a NUL wherever it is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
      const window = fed(bytes, size, { first: 1, maxLines: 5, maxBytes: 10, bytesPerLine: 1 });
      assert.equal(window.hasNul, bytes.includes(0));
    }),
  );
});

function fed(bytes: Uint8Array, size: number, options: LineWindowOptions): LineWindow {
  const window = new LineWindow(options);
  for (let at = 0; at < bytes.length; at += size) window.push(bytes.slice(at, at + size));
  return window;
}
