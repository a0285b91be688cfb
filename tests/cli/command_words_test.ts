import { strict as assert } from "node:assert";
import fc from "fast-check";
import { splitCommand } from "../../src/cli/command_words.ts";

const WORDS: readonly [string, readonly string[]][] = [
  ["pass show openai", ["pass", "show", "openai"]],
  ["  op\t read  'op://a b/c'  ", ["op", "read", "op://a b/c"]],
  ["a \"b c\"d'e f'", ["a", "b cde f"]],
  [String.raw`a "say \"x\" \\ \n" b\ c \'`, ["a", String.raw`say "x" \ \n`, "b c", "'"]],
  ["a '' \"\"", ["a", "", ""]],
  ["a '$HOME `id` | & ; *'", ["a", "$HOME `id` | & ; *"]],
  [String.raw`a "\$HOME \`id\`" \$x`, ["a", "$HOME `id`", "$x"]],
  ["a b~ c#d e!", ["a", "b~", "c#d", "e!"]],
  ["sh -c 'a && b'", ["sh", "-c", "a && b"]],
];

Deno.test("splitCommand() splits and takes quotes away as a shell does", async (t) => {
  for (const [text, words] of WORDS) {
    await t.step(text, () => assert.deepEqual(splitCommand(text), { type: "words", words }));
  }
});

const BAD: readonly [string, string][] = [
  ["", "expected a program"],
  [" \t", "expected a program"],
  ["''", "expected a program"],
  ["a 'b", "a quotation has no end, or $ or ` in it"],
  ['a "b', "a quotation has no end, or $ or ` in it"],
  ['a "$HOME"', "a quotation has no end, or $ or ` in it"],
  ["a \\", "a backslash is last"],
  ...["|", "&", ";", "<", ">", "(", ")", "*", "?", "[", "]", "{", "}", "$", "`"].map((it) =>
    [`a b${it}c`, `no shell reads it, so ${it} must stand in '…'`] as const
  ).map(([text, why]): [string, string] => [text, why]),
  ["~/bin/key", "no shell reads it, so ~ must stand in '…'"],
  ["a #b", "no shell reads it, so # must stand in '…'"],
];

Deno.test("splitCommand() refuses what only a shell would do", async (t) => {
  for (const [text, why] of BAD) {
    await t.step(text, () => assert.deepEqual(splitCommand(text), { type: "bad", why }));
  }
});

Deno.test("splitCommand() gives back every word that was quoted", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (program, args) => {
    const quoted = [program, ...args].map((word) => `'${word.replaceAll("'", `'"'"'`)}'`);
    assert.deepEqual(splitCommand(quoted.join(" ")), { type: "words", words: [program, ...args] });
  }));
});

Deno.test("splitCommand() takes a shell's view of any text that it takes", () => {
  const pieces = fc.constantFrom("a", "'", '"', "\\", " ", "$", "b c", "|", "~", "#", "\t", "`");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const text = parts.join("");
      const split = splitCommand(text);
      if (split.type === "bad") return;
      const { success, stdout } = new Deno.Command("/bin/sh", {
        args: ["-c", `printf '%s\\n' ${text.trim()}`],
        stderr: "null",
      }).outputSync();
      assert.ok(success, text);
      assert.equal(new TextDecoder().decode(stdout), `${split.words.join("\n")}\n`, text);
    }),
    { numRuns: 60 },
  );
});
