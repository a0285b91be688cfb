import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { LinearPattern } from "../../src/tools/linear_pattern.ts";
import { requiredText } from "../../src/tools/required_text.ts";

const NO_FLAGS = { ignoreCase: false };

/** With its letters written as such. */
function sourceOf(pattern: string): string | undefined {
  return requiredText(pattern, NO_FLAGS)?.source
    .replace(/\\u\{(\w+)\}/g, (_, code) => String.fromCodePoint(parseInt(code, 16)));
}

Deno.test("requiredText() finds the longest or most seldom text of a pattern", () => {
  const table: readonly (readonly [pattern: string, source: string | undefined])[] = [
    ["needle", "needle"],
    ["^needle$", "needle"],
    ["\\bconst needle\\b", "const needle"],
    ["throw new \\w+Error\\(", "throw new [0-9A-Z_-_a-z]"],
    ["a.*longer", "longer"],
    ["longer.?a", "longer"],
    ["x+yz", "xyz"],
    ["(?:ab)+c", "abc"],
    ["a{3}b?", "aaa"],
    ["a{2,}b", "aa"],
    ["foo|barbaz", "(?:foo|barbaz)"],
    ["(foo|bar)(1|2)", "(?:foo|bar)(?:1|2)"],
    ["(foo|.*)bar", "bar"],
    ["(?P<name>foo)(?:bar)", "foobar"],
    ["\\d\\d:\\d\\d", "[0-9][0-9]:[0-9][0-9]"],
    ["[a-cx][^y]z", "z"],
    ["[a-cx]_[^y]z", "[a-cx-x]_"],
    ["foo\\nbar", "foo"],
    ["interface{}", "interface{}"],
    ["a\\.b\\/c", "a.b/c"],
    [".*", undefined],
    ["^$", undefined],
    ["foo|", undefined],
    ["\\w+", undefined],
    ["(foo)*", undefined],
    ["[^a]", undefined],
    ["\\Qfoo\\E", undefined],
    ["\\pLfoo", undefined],
    ["foo(?i)bar", undefined],
    ["[[:alpha:]]foo", undefined],
  ];
  for (const [pattern, source] of table) assert.equal(sourceOf(pattern), source, pattern);
});

Deno.test("requiredText() keeps what V8 compares at one place small, whatever the pattern", () => {
  for (
    const pattern of [
      "(a|aa)".repeat(100),
      "(a|b|c|d){30}x",
      "(|a)".repeat(200),
      "((|){1000}){1}x",
      "a?".repeat(100) + "a".repeat(100),
      "a".repeat(1000),
      "(ab|cd){50}",
      "(a+)+".repeat(50),
      `${"(".repeat(330)}a${"|b)".repeat(330)}`,
    ]
  ) {
    const source = requiredText(pattern, NO_FLAGS)?.source ?? "";
    assert.doesNotMatch(source.replaceAll(/\\u\{\w+\}|\(\?:/g, ""), /[*+?{]/, pattern);
    assert.ok(source.length < 10_000, pattern);
  }
});

const PIECES = ["a", "b", "B", "k", "K", "s", "ſ", "é", "É", "😀", "1", "_", " ", "{", "}"];
const ATOMS = [
  ...PIECES,
  ...[".", "\\d", "\\w", "\\s", "\\S", "\\b", "\\B", "^", "$", "\\.", "\\t", "\\n", "\\W"],
  ...["[ab]", "[^ab]", "[a-k]", "[\\d_]", "[\\w-]", "[]a]", "[a\\]]", "[é-😀]", "[\\n-z]", "\\{"],
];

const pattern = fc.letrec<{ part: string; all: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...ATOMS),
    tie("all").map((inner) => `(${inner})`),
    fc.tuple(tie("all"), tie("all")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie("part"), fc.constantFrom("*", "+", "?", "+?", "{2}", "{0}", "{1,}", "{0,2}"))
      .map(([part, mark]) => `(?:${part})${mark}`),
  ),
  all: fc.array(tie("part"), { maxLength: 4 }).map((parts) => parts.join("")),
})).all;
const text = fc.array(fc.constantFrom(...PIECES, "\n", "\r\n", "\t", "\u212a"), { maxLength: 12 })
  .map((parts) => parts.join(""));

Deno.test("requiredText() is in every line and text that RE2 finds a match in", () => {
  const property = fc.property(
    pattern,
    text,
    fc.boolean(),
    fc.boolean(),
    (pattern, text, ignoreCase, isMultiline) => {
      const required = requiredText(pattern, { ignoreCase });
      fc.pre(required !== undefined && compiles(pattern));
      const linear = new LinearPattern(pattern, { ignoreCase, isMultiline });
      const plain = text.replaceAll("\r\n", "\n");
      const pieces = isMultiline ? [plain] : plain.split("\n");
      const isFound = pieces.some((piece) => linear.matches(piece));
      assert.ok(!isFound || (required?.test(text) && required.test(plain)), `${required}`);
    },
  );
  fc.assert(property, { numRuns: 5_000 });
});

Deno.test("requiredText() takes two letters for one where RE2 ignores case", () => {
  for (let code = 0x21; code < 0x20000; code++) {
    const letter = String.fromCodePoint(code);
    const others = new Set([letter.toLowerCase(), letter.toUpperCase()]);
    others.delete(letter);
    if (others.size === 0) continue;
    const expression = RE2JS.compile(RE2JS.quote(letter), RE2JS.CASE_INSENSITIVE);
    const required = requiredText(letter, { ignoreCase: true });
    for (const other of others) {
      assert.ok(!expression.test(other) || required?.test(other), `${letter} ${other}`);
    }
  }
});

function compiles(pattern: string): boolean {
  try {
    return RE2JS.compile(pattern) !== undefined;
  } catch {
    return false;
  }
}
