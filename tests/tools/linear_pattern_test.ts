import { strict as assert } from "node:assert";
import fc from "fast-check";
import { linearPattern } from "../../src/tools/linear_pattern.ts";
import { refusedByLinearEngine } from "./elsewhere.ts";

const TEXTS = [
  "",
  "a",
  "b",
  "ab",
  "AB",
  "aab",
  "a b",
  "é",
  "É",
  "x-1",
  "😀",
  "[b]",
  "a\nb",
  "{2}",
  "\\",
];

Deno.test("linearPattern() spells out case and counts", () => {
  const table: readonly (readonly [pattern: string, ignoreCase: boolean, source: string])[] = [
    ["foo.", false, "foo."],
    ["fO1", true, "[fF][Oo]1"],
    ["(?i)a\\d", false, "[aA]\\d"],
    ["a+b*?c?", false, "aa*b*?c?"],
    ["a{3}", false, "aaa"],
    ["a{1,3}?", false, "a(?:aa??)??"],
    ["(ab){0}", false, ""],
    ["(?<n>a|b){2,}", false, "(?:a|b)(?:a|b)(?:a|b)*"],
    ["[a-f_]", true, "[a-fA-F_]"],
    ["[^é]", true, "[^éÉ]"],
    ["\\x41\\u0042\\t\\cJ\\0", false, "AB\t\n\0"],
    ["interface{}", false, "interface\\{\\}"],
    ["a/b]", false, "a\\/b\\]"],
    ["😀+", false, "(?:😀)(?:😀)*"],
  ];
  for (const [pattern, ignoreCase, source] of table) {
    assert.equal(linearPattern(pattern, ignoreCase).source, source);
  }
});

Deno.test("linearPattern() matches what the pattern itself matches", () => {
  fc.assert(
    fc.property(patterns(), fc.boolean(), (pattern, ignoreCase) => {
      const original = new RegExp(pattern, ignoreCase ? "i" : "");
      const rewritten = new RegExp(linearPattern(pattern, ignoreCase).source);
      for (const text of TEXTS) {
        assert.equal(rewritten.test(text), original.test(text), `${pattern} on ${text}`);
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("linearPattern() refuses what has no linear form, and what is no pattern", () => {
  const table: readonly (readonly [pattern: string, problem: string])[] = [
    ["(?=a)", "has look-around, which is not supported"],
    ["a(?!b)", "has look-around, which is not supported"],
    ["(?<=a)b", "has look-around, which is not supported"],
    ["(?<!a)b", "has look-around, which is not supported"],
    ["(a)\\1", "has a back reference, which is not supported"],
    ["(?<n>a)\\k<n>", "has a back reference, which is not supported"],
    ["a(?i:b)", "has flags in a group, which are not supported"],
    ["\\p{L}", "has \\p, which is not supported"],
    ["\\Afoo\\z", "has \\A, which is not supported"],
    ["[[:alpha:]]", "has [: :], which is not supported; use \\w or a-z"],
    ["a**", "has a repeat with nothing to repeat"],
    ["*a", "has a repeat with nothing to repeat"],
    ["(a", "has a ( without its )"],
    ["a)", "has a ) without its ("],
    ["[a", "has a [ without its ]"],
    ["a\\", "ends with a single \\"],
    ["a{3,1}", "has a repeat whose numbers are out of order"],
    ["^*", "is not valid: Invalid regular expression: /^*/: Nothing to repeat"],
    ["a".repeat(1001), "expected at most 1000 characters, got 1001"],
    [
      "(a{100}){100}",
      "stands for 10000 places when its repeats are spelled out, expected at most 500; \
repeat less, or with * or +",
    ],
    [
      "((((a{9}){9}){9}){9}){999999999}",
      "stands for 729 places when its repeats are spelled out, expected at most 500; \
repeat less, or with * or +",
    ],
  ];
  for (const [pattern, problem] of table) {
    const message = `pattern: ${problem}`;
    assert.throws(() => linearPattern(pattern, false), { fault: "bad_input", message });
  }
});

Deno.test("linearPattern() gives nothing that the linear engine would refuse", async () => {
  const sample = fc.sample(fc.tuple(patterns(), fc.boolean()), { numRuns: 400, seed: 7 });
  const wide = ["(?:x?){50}x{50}", "[0-9a-f]{40}", ".{0,200}", "(((a+)+)+)+$", "\\bfoo\\b|^$"];
  const sources = [
    ...sample.map(([pattern, ignoreCase]) => linearPattern(pattern, ignoreCase)),
    ...wide.map((pattern) => linearPattern(pattern, true)),
  ]
    .map(({ source }) => source);
  assert.deepEqual(await refusedByLinearEngine(sources), []);
  assert.deepEqual(await refusedByLinearEngine(["(?=a)", "a{17}"]), ["(?=a)", "a{17}"]);
});

/** Patterns that are valid and in our syntax, of any nesting. */
function patterns(): fc.Arbitrary<string> {
  const atoms = [
    "a",
    "b",
    "A",
    "B",
    ".",
    "\\w",
    "\\s",
    "\\d",
    "[ab]",
    "[^a]",
    "[A-z]",
    "[\\w-]",
    "é",
    "\\.",
    "-",
    "1",
    "\\u0041",
  ];
  const { pattern } = fc.letrec<{ pattern: string; sequence: string; item: string }>((tie) => ({
    item: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom(...atoms),
      fc.constantFrom("^", "$", "\\b", "\\B"),
      fc.tuple(fc.constantFrom(...atoms), repeats()).map(([atom, repeat]) => atom + repeat),
      fc.tuple(tie("pattern"), fc.constantFrom("(", "(?:", "(?<n>"), repeats()).map(
        ([inner, open, repeat]) => `${open.replace("n", `n${inner.length}`)}${inner})${repeat}`,
      ),
    ),
    sequence: fc.array(tie("item"), { maxLength: 4 }).map((items) => items.join("")),
    pattern: fc.array(tie("sequence"), { minLength: 1, maxLength: 3 }).map((all) => all.join("|")),
  }));
  return pattern.filter((text) => isValid(text) && isSmall(text));
}

function repeats(): fc.Arbitrary<string> {
  const counts = fc.constantFrom("", "*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}");
  return fc.tuple(counts, fc.constantFrom("", "?")).map(([count, lazy]) => count && count + lazy);
}

function isValid(pattern: string): boolean {
  try {
    return new RegExp(pattern) !== undefined;
  } catch {
    return false; // the same group name twice
  }
}

function isSmall(pattern: string): boolean {
  try {
    return linearPattern(pattern, false).size > 0;
  } catch (thrown) {
    return !(thrown instanceof Error && thrown.message.includes("places when"));
  }
}
