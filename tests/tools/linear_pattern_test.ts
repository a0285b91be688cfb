import { strict as assert } from "node:assert";
import { LinearPattern, type PatternMatch } from "../../src/tools/linear_pattern.ts";

const PLAIN = { ignoreCase: false, isMultiline: false };

Deno.test("LinearPattern knows cases, escapes, classes and marks", () => {
  const table: readonly (readonly [pattern: string, text: string, isMatch: boolean])[] = [
    ["b+c", "abbc", true],
    ["Foo", "foo", false],
    ["(?i)Foo", "foo", true],
    ["^a.c$", "abc", true],
    ["^b", "a\nb", false],
    ["a.b", "a\nb", false],
    ["\\bfoo\\b", "a foo b", true],
    ["[^\\d\\s]", "1 ", false],
    ["interface{}", "interface{}", true],
    ["\\/\\.\\-\\]\\x41\\x{1F600}", "/.-]A😀", true],
    ["^[😀-😃]$", "😁", true],
    ["(?<name>a)(?P<other>b)(?:c)", "abc", true],
    ["[[:alpha:]]\\pL", "aé", true],
  ];
  for (const [pattern, text, isMatch] of table) {
    assert.equal(new LinearPattern(pattern, PLAIN).matches(text), isMatch, pattern);
  }
  assert.ok(new LinearPattern("É[a-c]", { ...PLAIN, ignoreCase: true }).matches("éB"));
});

Deno.test("LinearPattern.find() starts where it is told, and knows what stood before", () => {
  const table:
    readonly (readonly [pattern: string, from: number, match: PatternMatch | undefined])[] = [
      ["a", 1, { start: 4, end: 5 }],
      ["^b", 1, { start: 2, end: 3 }],
      ["b.a", 0, { start: 2, end: 5 }],
      ["a$", 0, { start: 0, end: 1 }],
      ["\\Bc", 1, { start: 5, end: 6 }],
      ["\\bc", 1, undefined],
      ["c*", 6, { start: 6, end: 6 }],
      ["x", 6, undefined],
    ];
  for (const [pattern, from, match] of table) {
    const linear = new LinearPattern(pattern, { ignoreCase: false, isMultiline: true });
    assert.deepEqual(linear.find("a\nb\nac", from), match, pattern);
  }
});

Deno.test("LinearPattern refuses what has no linear form, what is too much, and what is no pattern", () => {
  const table: readonly (readonly [pattern: string, problem: string])[] = [
    ["(?=a)", "has look-around, which is not supported"],
    ["a(?!b)", "has look-around, which is not supported"],
    ["(?<=a)b", "has look-around, which is not supported"],
    ["(?<!a)b", "has look-around, which is not supported"],
    ["(a)\\1", "has a back reference, which is not supported"],
    ["(?<n>a)\\k<n>", "has a back reference, which is not supported"],
    ["(?>a)", "invalid or unsupported Perl syntax: (?>"],
    ["\\u0041", "invalid escape sequence: \\u"],
    ["a**", "invalid nested repetition operator: **"],
    ["*a", "missing argument to repetition operator: *"],
    ["(a", "missing closing )"],
    ["a)", "unexpected )"],
    ["[a", "missing closing ]"],
    ["[z-a]", "invalid character class range: z-a"],
    ["a\\", "trailing backslash at end of expression"],
    ["a{3,1}", "invalid repeat count: {3,1}"],
    ["a{1001}", "invalid repeat count: {1001}"],
    ["(a{100}){100}", "invalid repeat count: {100}"],
    ["((){1000}){1000}", "expression too large"],
    ["a".repeat(1001), "expected at most 1000 characters, got 1001"],
    ["a{1000}".repeat(11), "stands for 11002 steps, expected at most 10000; repeat less"],
  ];
  for (const [pattern, problem] of table) {
    for (const ignoreCase of [false, true]) {
      assert.throws(() => new LinearPattern(pattern, { ignoreCase, isMultiline: true }), {
        name: "WorkerError",
        fault: "bad_input",
        message: `pattern: ${problem}`,
      });
    }
  }
});

Deno.test("LinearPattern compiles or refuses the largest patterns within seconds", () => {
  const within = (body: string) => `(?:${body.repeat(990 / body.length)}){1000}`;
  const patterns = [within("a?"), within("(|a)"), within("(a*)*"), within("()"), within("\\pL?")];
  const nested = `${"(".repeat(330)}a${")*".repeat(330)}`;
  const start = performance.now();
  for (const pattern of patterns) {
    assert.throws(() => new LinearPattern(pattern, PLAIN), { fault: "bad_input" }, pattern);
  }
  assert.ok(new LinearPattern(nested, PLAIN).matches("a"));
  assert.ok(performance.now() - start < 15_000);
});

Deno.test("LinearPattern takes a text only as long as it can search it soon, and then does", () => {
  const other = "[^ -~]"; // a literal would let RE2 give up before it searches
  const patterns = [
    `(a?){60}a{60}${other}`,
    `(x+x+)+${other}`,
    `(\\b^){20}(\\b^){20}(\\b^){20}(\\b^){20}${other}`,
    `(a|b)*a(a|b){15}${other}`,
    `a[ab]{900}${other}`,
    `${".*".repeat(300)}${other}`,
    Array.from({ length: 120 }, (_, index) => `w${index}xyz`).join("|"),
  ];
  for (const pattern of patterns) {
    const linear = new LinearPattern(pattern, { ignoreCase: false, isMultiline: true });
    let length = 2 * 1024 * 1024;
    while (!linear.takes("a".repeat(length))) length = Math.floor(length * 0.9);
    for (const piece of ["a", "x", "aababbab"]) {
      const text = piece.repeat(length / piece.length);
      const start = performance.now();
      assert.equal(linear.matches(text), false, pattern);
      assert.equal(linear.find(text, 0), undefined, pattern);
      assert.ok(performance.now() - start < 10_000, pattern);
    }
  }
});
