import { strict as assert } from "node:assert";
import fc from "fast-check";
import { GlobPattern } from "../../src/tools/glob_pattern.ts";

const TABLE:
  readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
    ["*", ["a", ".env"], ["a/b"]],
    ["**", ["a", "a/b/c"], []],
    ["**/*", ["a", "a/b/c", ".x/.y"], []],
    ["*.ts", ["a.ts", ".ts"], ["a.tsx", "b/a.ts"]],
    ["**/*.ts", ["a.ts", "x/y/a.ts"], ["a.js"]],
    ["src/**", ["src/a", "src/a/b"], ["a", "srcs/a"]],
    ["src/**/test/*.ts", ["src/test/a.ts", "src/x/y/test/a.ts"], ["src/a.ts", "src/test/x/a.ts"]],
    ["**/a/**/b", ["a/b", "x/a/y/z/b", "a/a/b/b"], ["b", "a", "b/a"]],
    ["?.txt", ["a.txt", "😀.txt"], [".txt", "ab.txt"]],
    ["a*b*c", ["abc", "a__b__c", "abcbc"], ["ab", "acb"]],
    ["[a-c]x", ["ax", "cx"], ["dx", "x"]],
    ["[!a-c]x", ["dx"], ["ax"]],
    ["[^ab]", ["c"], ["a"]],
    ["[]]", ["]"], ["["]],
    ["[a-]", ["-", "a"], ["b"]],
    ["*.{ts,js}", ["a.ts", "a.js"], ["a.css", "a.{ts,js}"]],
    ["{a,b/{c,d}}/e", ["a/e", "b/c/e", "b/d/e"], ["b/e", "c/e"]],
    ["a{,.bak}", ["a", "a.bak"], ["a.b"]],
    ["\\*.{a\\,b,c}", ["*.a,b", "*.c"], ["x.c"]],
    ["./a//b", ["a/b"], ["a"]],
    ["a.c", ["a.c"], ["abc"]],
    ["(a|b)+", ["(a|b)+"], ["a"]],
  ];

Deno.test("GlobPattern.matches() knows the usual patterns", () => {
  for (const [pattern, yes, no] of TABLE) {
    const glob = new GlobPattern(pattern);
    const found = [...yes, ...no].filter((path) => glob.matches(path.split("/")));
    assert.deepEqual(found, yes, pattern);
  }
});

Deno.test("GlobPattern.matches() agrees with the same pattern as a regular expression", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "."), minLength: 1, maxLength: 4 });
  const part = fc.string({
    unit: fc.constantFrom("a", "b", ".", "*", "?"),
    minLength: 1,
    maxLength: 4,
  });
  const parts = fc.array(fc.oneof(fc.constant("**"), part), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(parts, fc.array(name, { minLength: 1, maxLength: 4 }), (glob, names) => {
      fc.pre(!glob.includes(".")); // the folder itself
      const path = names.map((one) => `${one}/`).join("");
      const expected = new RegExp(`^${glob.map(asExpression).join("")}$`).test(path);
      assert.equal(new GlobPattern(glob.join("/")).matches(names), expected);
    }),
    { numRuns: 3000 },
  );
});

function asExpression(part: string): string {
  if (part === "**") return "(?:[^/]+/)*";
  return `${part.replaceAll(".", "\\.").replaceAll("*", "[^/]*").replaceAll("?", "[^/]")}/`;
}

Deno.test("GlobPattern.reaches() goes only where something can match", () => {
  const table: readonly (readonly [pattern: string, folder: string, reached: boolean])[] = [
    ["*", "a", false],
    ["*/*", "a", true],
    ["*/*", "a/b", false],
    ["**/*.ts", "a/b/c", true],
    ["src/**", "src", true],
    ["src/**", "lib", false],
    ["{a,b}/c/d", "b/c", true],
    ["{a,b}/c/d", "b/d", false],
  ];
  for (const [pattern, folder, reached] of table) {
    assert.equal(new GlobPattern(pattern).reaches(folder.split("/")), reached, pattern + folder);
  }
});

Deno.test("GlobPattern() refuses patterns too long, too wide or not closed", () => {
  const table: readonly (readonly [pattern: string, problem: string])[] = [
    ["a".repeat(1001), "it has 1001 characters, expected at most 1000"],
    ["{a,b}".repeat(9), "its braces stand for more than 256 patterns"],
    ["{a,b}".repeat(200), "its braces stand for more than 256 patterns"],
    [`{${"a,".repeat(256)}}`, "its braces stand for more than 256 patterns"],
    [`${"{a,".repeat(200)}${"}".repeat(200)}`, ""],
    ["{a", "it has a { without its } (\\{ is the character)"],
    ["{a,{b}", "it has a { without its } (\\{ is the character)"],
    ["{".repeat(900), "it has a { without its } (\\{ is the character)"],
    ["[a", "it has a [ without its ] (\\[ is the character)"],
    ["[]", "it has a [ without its ] (\\[ is the character)"],
  ];
  for (const [pattern, problem] of table) {
    if (problem === "") assert.ok(new GlobPattern(pattern).matches(["a"]));
    else {assert.throws(() => new GlobPattern(pattern), (thrown: Error) => {
        assert.ok(thrown.message.startsWith("Cannot use glob pattern "), thrown.message);
        assert.ok(thrown.message.endsWith(`: ${problem}`), thrown.message);
        return true;
      });}
  }
  assert.ok(new GlobPattern("{a,b}".repeat(8)).matches(["abababab"]));
});

Deno.test("GlobPattern.matches() does not blow up", () => {
  const start = performance.now();
  const stars = new GlobPattern(`${"*a".repeat(400)}*b`);
  assert.equal(stars.matches(["a".repeat(4000)]), false);
  const folders = new GlobPattern(`${"**/a/".repeat(150)}b`);
  assert.equal(folders.matches(Array.from({ length: 2000 }, () => "a")), false);
  assert.ok(performance.now() - start < 2000);
});
