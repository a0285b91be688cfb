import { strict as assert } from "node:assert";
import { visiblePieces, visibleText } from "../../src/host/visible_text.ts";

Deno.test("visibleText() lets every character be seen", async (t) => {
  const cases = [
    ["plain -- text, zwölf 日本", "plain -- text, zwölf 日本"],
    ["a\x1b[2Kb\x07", "a\\x1b[2Kb\\x07"],
    ["a\u200bb\u202ec\ufeffd\u00ade", "a\\u{200b}b\\u{202e}c\\u{feff}d\\xade"],
    ["non\u00a0break\u3000wide", "non\\xa0break\\u{3000}wide"],
    ["tag\u{e0041} \u3164filler", "tag\\u{e0041} \\u{3164}filler"],
    ["one\ntwo", "one⏎two"],
    [`ls${"\n".repeat(9998)}rm`, "ls⏎×9998rm"],
    ["ls\n \t\n\r\nrm", "ls⏎×3rm"],
    [`ls${" ".repeat(500)}; rm`, "ls␠×500; rm"],
    ["a   b", "a   b"],
    ["a\r\nb", "a\\x0d⏎b"],
    ["lone \ud800 half", "lone \\u{d800} half"],
    ["🙂 × ü", "🙂 × ü"],
  ] as const;
  for (const [text, expected] of cases) {
    await t.step(JSON.stringify(text.slice(0, 20)), () => {
      assert.equal(visibleText(text), expected);
    });
  }
});

Deno.test("visiblePieces() stand for every character of the text", () => {
  const text = `a${" ".repeat(7)}\n\n \n🙂\x1b\u{e0041}\nend`;
  const pieces = visiblePieces(text);
  assert.equal(pieces.reduce((sum, { length }) => sum + length, 0), [...text].length);
  assert.deepEqual(pieces.map(({ shown, type }) => `${type} ${shown}`), [
    "plain a",
    "blanks ␠×7",
    "newline ⏎×3",
    "plain 🙂",
    "escape \\x1b",
    "escape \\u{e0041}",
    "newline ⏎",
    "plain e",
    "plain n",
    "plain d",
  ]);
});
