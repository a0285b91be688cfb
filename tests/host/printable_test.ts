import { strict as assert } from "node:assert";
import { oneLine, printable } from "../../src/host/printable.ts";

Deno.test("printable() names what a terminal would obey", async (t) => {
  const cases = [
    ["plain ünïcode 日本 🙂\n\tindented\n", "plain ünïcode 日本 🙂\n\tindented\n"],
    ["\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
    ["\x1b]0;title\x07", "\\x1b]0;title\\x07"],
    ["a\rb\bc\0d\x7f", "a\\x0db\\x08c\\x00d\\x7f"],
    ["\x9b2J \x85", "\\x9b2J \\x85"],
    ["a\u202eb\u2066c\u200fd", "a\\u{202e}b\\u{2066}c\\u{200f}d"],
  ] as const;
  for (const [text, expected] of cases) {
    await t.step(JSON.stringify(text), () => assert.equal(printable(text), expected));
  }
});

Deno.test("printable() leaves no control character but newline and tab", () => {
  const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join("");
  const left = [...printable(all)].filter((character) => /\p{Cc}/u.test(character));
  assert.deepEqual(left, ["\t", "\n"]);
});

Deno.test("oneLine() joins blanks and says that it cut", async (t) => {
  const cases = [
    [" a\n\n  b\t\tc ", 20, "a b c"],
    ["0123456789", 10, "0123456789"],
    ["0123456789a", 10, "012345678…"],
    ["bell\x07", 20, "bell\\x07"],
  ] as const;
  for (const [text, max, expected] of cases) {
    await t.step(JSON.stringify(text), () => assert.equal(oneLine(text, max), expected));
  }
});
