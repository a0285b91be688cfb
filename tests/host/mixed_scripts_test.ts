import { strict as assert } from "node:assert";
import { mixedWords } from "../../src/host/mixed_scripts.ts";

Deno.test("mixedWords() finds words of mixed scripts, and only those", async (t) => {
  const cases = [
    ["rm p\u0430ypal.txt p\u0430ypal", ["p\\u{0430}ypal"]],
    ["\u0441url", ["\\u{0441}url"]],
    ["g\u03bfogle, \u13aapple", ["g\\u{03bf}ogle", "\\u{13aa}pple"]],
    ["\uff52m and \u{1d42b}m", ["\\u{ff52}m", "\\u{1d42b}m"]],
    ["привет world/παράδειγμα отчёт-final", []],
    ["zwölf naïve 日本LED 한글abc x² µm 42", []],
  ] as const;
  for (const [text, expected] of cases) {
    await t.step(text, () => assert.deepEqual(mixedWords(text), expected));
  }
});
