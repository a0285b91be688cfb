import { strict as assert } from "node:assert";
import { LineCutter } from "../../src/tools/line_cutter.ts";

const TEXT = "one\ntwo\r\n\nlonger than ten\n\r\nlast";
const LINES = ["one", "two", "", "longer tha [… 5 more characters]", "", "last"];

Deno.test("LineCutter cuts the same lines however the text is cut", () => {
  for (let size = 1; size <= TEXT.length; size++) {
    const cutter = new LineCutter({ maxLength: 10 });
    const lines: string[] = [];
    for (let at = 0; at < TEXT.length; at += size) {
      lines.push(...cutter.push(TEXT.slice(at, at + size)));
    }
    assert.deepEqual([...lines, ...cutter.end()], LINES, `pieces of ${size}`);
    assert.deepEqual(cutter.end(), []);
  }
});

Deno.test("LineCutter keeps back what is no whole line", () => {
  const cutter = new LineCutter({ maxLength: 10 });
  assert.deepEqual(cutter.push("a\nb"), ["a"]);
  assert.deepEqual(cutter.push(""), []);
  assert.deepEqual(cutter.push("c\n"), ["bc"]);
  assert.deepEqual(cutter.end(), []);
});
