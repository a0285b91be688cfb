import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type PatternMatch, PatternMatcher } from "../../src/tools/pattern_matcher.ts";

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
  "b\r\naa",
  "{2}",
  "\\",
  "aaaa1b_b",
];

Deno.test("PatternMatcher finds what JavaScript's own expression finds", () => {
  fc.assert(
    fc.property(patterns(), fc.boolean(), fc.boolean(), (pattern, ignoreCase, isMultiline) => {
      const expression = new RegExp(pattern, (ignoreCase ? "i" : "") + (isMultiline ? "ms" : ""));
      const matcher = new PatternMatcher(pattern, { ignoreCase, isMultiline });
      for (const text of TEXTS) {
        const expected = expression.exec(text);
        const found = firstMatch(matcher, text, 0);
        assert.equal(found?.start, expected?.index, `${pattern} in ${text}`);
        if (isEndComparable(pattern)) assert.equal(lengthOf(found), expected?.[0].length, pattern);
        const any = drive(matcher.find(text, 0, { isAnyEnough: true }));
        assert.equal(any === undefined, expected === null, `${pattern} in ${text}`);
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("PatternMatcher starts where it is told, and knows what stood before", () => {
  const table:
    readonly (readonly [pattern: string, from: number, match: PatternMatch | undefined])[] = [
      ["a", 1, { start: 4, end: 5 }],
      ["^b", 1, { start: 2, end: 3 }],
      ["\\bb", 1, { start: 2, end: 3 }],
      ["\\Bc", 1, { start: 5, end: 6 }],
      ["\\bc", 1, undefined],
      ["$", 6, { start: 6, end: 6 }],
      ["c*", 6, { start: 6, end: 6 }],
      ["x", 6, undefined],
    ];
  for (const [pattern, from, match] of table) {
    const matcher = new PatternMatcher(pattern, { ignoreCase: false, isMultiline: true });
    assert.deepEqual(firstMatch(matcher, "a\nb\nac", from), match, pattern);
  }
});

Deno.test("PatternMatcher knows cases, escapes, classes and marks", () => {
  const table: readonly (readonly [pattern: string, text: string, start: number | undefined])[] = [
    ["(?i)fOo", "xFoO", 1],
    ["(?i)[A-C]é", "bÉ", 0],
    ["(?i)\\x41", "a", 0],
    ["\\x41\\u0042\\u{43}", "ABC", 0],
    ["\\u{1F600}+$", "x😀😀", 1],
    ["\\t\\n\\r\\f\\v\\0", "\t\n\r\f\v\0", 0],
    ["[\\b]", "\b", 0],
    ["[\\w-]+$", "é a-b", 2],
    ["[^\\d\\s]", "1 x", 2],
    ["[a-]", "-", 0],
    ["[]", "a", undefined],
    ["[^]", "\n", 0],
    ["interface{}", "interface{}", 0],
    ["a{,2}", "a{,2}", 0],
    ["(?<name>a)(?P<other>b)(?:c)", "abc", 0],
    ["\\/\\.\\-\\]", "/.-]", 0],
    ["\\S\\W\\D", "a-b", 0],
    ["\\s", "\u00a0", 0],
  ];
  for (const [pattern, text, start] of table) {
    const matcher = new PatternMatcher(pattern, { ignoreCase: false, isMultiline: false });
    assert.equal(firstMatch(matcher, text, 0)?.start, start, pattern);
  }
});

Deno.test("PatternMatcher refuses what has no linear form, what is too much, and what is no pattern", () => {
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
    ["[😀]", "has a character above U+FFFF in [ ], which is not supported; use ( | )"],
    ["a**", "has a repeat with nothing to repeat"],
    ["*a", "has a repeat with nothing to repeat"],
    ["^*", "has a repeat with nothing to repeat"],
    ["(a", "has a ( without its )"],
    ["a)", "has a ) without its ("],
    ["[a", "has a [ without its ]"],
    ["[z-a]", "has a range in [ ] that is out of order"],
    ["a\\", "ends with a single \\"],
    ["a{3,1}", "has a repeat whose numbers are out of order"],
    ["a{1001}", "has a repeat of more than 1000 times"],
    ["a{1,99999999999}", "has a repeat of more than 1000 times"],
    ["a".repeat(1001), "expected at most 1000 characters, got 1001"],
    ["(a{100}){100}", "stands for more than 1000 steps; repeat less, or with * or +"],
    ["((){1000}){1000}", "stands for more than 1000 steps; repeat less, or with * or +"],
    [`${"(".repeat(300)}a${"){9}".repeat(170)}${")".repeat(130)}`.slice(0, 1000), ""],
  ];
  for (const [pattern, problem] of table) {
    const create = () => new PatternMatcher(pattern, { ignoreCase: false, isMultiline: false });
    if (problem === "") assert.throws(create, { name: "WorkerError", fault: "bad_input" });
    else assert.throws(create, { fault: "bad_input", message: `pattern: ${problem}` });
  }
});

Deno.test("PatternMatcher takes its time by the length of text and pattern alone", () => {
  const evil = [
    "^(a+)+$",
    "(a|aa)+$",
    "(.*)*x",
    "(?:a?){300}a{300}$",
    "(\\b^){80}x",
    "(a|b|ab)*c",
    `${".*".repeat(300)}c`,
    `${"(a".repeat(200)}${")*".repeat(200)}c`,
  ];
  const text = `${"a".repeat(20_000)}b`;
  const start = performance.now();
  for (const pattern of evil) {
    const matcher = new PatternMatcher(pattern, { ignoreCase: true, isMultiline: false });
    assert.equal(firstMatch(matcher, text, 0), undefined, pattern);
  }
  assert.ok(performance.now() - start < 10_000);
});

Deno.test("PatternMatcher yields so that a long search can be left", () => {
  const matcher = new PatternMatcher("(a|b)*c", { ignoreCase: false, isMultiline: false });
  const turns = [...matcher.find("ab".repeat(500_000), 0)].length;
  assert.ok(turns > 5, `${turns} turns`);
});

function firstMatch(matcher: PatternMatcher, text: string, from: number): PatternMatch | undefined {
  return drive(matcher.find(text, from));
}

function drive<Result>(search: Generator<void, Result>): Result {
  let turn = search.next();
  while (!turn.done) turn = search.next();
  return turn.value;
}

function lengthOf(match: PatternMatch | undefined): number | undefined {
  return match && match.end - match.start;
}

/** Where a repeated part can be empty, JavaScript has rules of its own on which match is taken. */
function isEndComparable(pattern: string): boolean {
  return !/\)[*+?{]/.test(pattern);
}

/** Patterns of any nesting that both we and JavaScript take. */
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
      fc.tuple(tie("pattern"), fc.constantFrom("(", "(?:"), repeats()).map(
        ([inner, open, repeat]) => `${open}${inner})${repeat}`,
      ),
    ),
    sequence: fc.array(tie("item"), { maxLength: 4 }).map((items) => items.join("")),
    pattern: fc.array(tie("sequence"), { minLength: 1, maxLength: 3 }).map((all) => all.join("|")),
  }));
  return pattern;
}

function repeats(): fc.Arbitrary<string> {
  const counts = fc.constantFrom("", "*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}");
  return fc.tuple(counts, fc.constantFrom("", "?")).map(([count, lazy]) => count && count + lazy);
}
