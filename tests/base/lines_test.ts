import { strict as assert } from "node:assert";
import { LineSplitter } from "../../src/base/lines.ts";

const TEXT = '{"a":1}\n\n{"ü":"😀"}\r\n\ufefftail\nunfinished';
const LINES = ['{"a":1}', "", '{"ü":"😀"}\r', "\ufefftail"];

Deno.test("LineSplitter gives the same lines however the bytes are cut", async (t) => {
  const bytes = new TextEncoder().encode(TEXT);
  for (let size = 1; size <= bytes.length; size++) {
    await t.step(`chunks of ${size}`, () => {
      const splitter = new LineSplitter({ maxBytes: 1_000 });
      const lines: string[] = [];
      for (let start = 0; start < bytes.length; start += size) {
        lines.push(...splitter.push(bytes.slice(start, start + size)));
      }
      assert.deepEqual(lines, LINES);
    });
  }
});

Deno.test("LineSplitter keeps no hold of the chunk", () => {
  const splitter = new LineSplitter({ maxBytes: 10 });
  const chunk = new Uint8Array([0x61, 0x62]);
  assert.deepEqual([...splitter.push(chunk)], []);
  chunk.fill(0);
  assert.deepEqual([...splitter.push(new Uint8Array([0x0a]))], ["ab"]);
});

Deno.test("LineSplitter throws at a line over the limit, ended or not", () => {
  for (const text of ["12345\n", "12345", "1\n12345"]) {
    const splitter = new LineSplitter({ maxBytes: 4 });
    assert.throws(() => [...splitter.push(new TextEncoder().encode(text))], { name: "RangeError" });
  }
});

Deno.test("LineSplitter takes a line at the limit that came in pieces", () => {
  const splitter = new LineSplitter({ maxBytes: 4 });
  const encode = (text: string) => new TextEncoder().encode(text);
  assert.deepEqual([...splitter.push(encode("12"))], []);
  assert.deepEqual([...splitter.push(encode("34\n"))], ["1234"]);
});

Deno.test("LineSplitter throws a TypeError at a line that is no UTF-8, after those before it", () => {
  const splitter = new LineSplitter({ maxBytes: 10 });
  const lines: string[] = [];
  const read = () => {
    for (const line of splitter.push(new Uint8Array([0x61, 0x0a, 0xff, 0x0a]))) lines.push(line);
  };
  assert.throws(read, { name: "TypeError" });
  assert.deepEqual(lines, ["a"]);
});
