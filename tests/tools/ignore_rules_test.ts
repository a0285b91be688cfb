import { strict as assert } from "node:assert";
import fc from "fast-check";
import { IgnoreRules } from "../../src/tools/ignore_rules.ts";

type Files = Readonly<Record<string, readonly string[]>>;

/** Which paths are left out of `/top`; a path that ends with a slash is a folder. */
function ignored(files: Files, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const names = path.replace(/\/$/, "").split("/");
    let rules = IgnoreRules.below("/top");
    let folder = "/top";
    for (const [index, name] of names.entries()) {
      const lines = files[folder.slice("/top/".length)];
      if (lines) rules = rules.with(folder, lines.join("\n"));
      const isFolder = index < names.length - 1 || path.endsWith("/");
      if (rules.in(folder)(name, isFolder)) return true;
      folder += `/${name}`;
    }
    return false;
  });
}

Deno.test("IgnoreRules reads patterns as git does", () => {
  const table: readonly (readonly [
    lines: readonly string[],
    yes: readonly string[],
    no: readonly string[],
  ])[] = [
    [["a.log"], ["a.log", "x/a.log", "a.log/", "a.log/x"], ["b.log", "A.log"]],
    [["/a"], ["a", "a/x"], ["x/a"]],
    [["x/a"], ["x/a"], ["a", "y/x/a"]],
    [["a/"], ["a/", "x/a/", "a/b"], ["a", "x/a"]],
    [["*.log", "!keep.log"], ["a.log", "x/a.log"], ["keep.log", "x/keep.log"]],
    [["out/", "!out/keep"], ["out/keep"], ["keep"]],
    [["/out/*", "!/out/keep"], ["out/a"], ["out/keep", "out/"]],
    [["**/x/*.ts"], ["x/a.ts", "y/x/a.ts"], ["a.ts", "x/y/a.ts"]],
    [["x/**"], ["x/a", "x/y/a"], ["x/", "x"]],
    [["x/**/a"], ["x/a", "x/y/z/a"], ["a"]],
    [["# a", "\\#b", "\\!c", ""], ["#b", "!c"], ["# a", "a", "b", "c"]],
    [["a ", "b\\ ", "c\t"], ["a", "b ", "c\t"], ["b", "c"]],
    [["*.py[co]", "f?.txt"], ["a.pyc", "f1.txt"], ["a.py", "f.txt"]],
    [["a{b,c}"], ["a{b,c}"], ["ab"]],
    [["/", "!", "\\"], [], ["a", "a/"]],
    [["crlf\r", "\ufeffx"], ["crlf"], []],
  ];
  for (const [lines, yes, no] of table) {
    assert.deepEqual(ignored({ "": lines }, [...yes, ...no]), yes, lines.join(" | "));
  }
});

Deno.test("IgnoreRules of a deeper file overrule, and reach no further than their folder", () => {
  const files: Files = {
    "": ["*.log", "/only", "sub/cache/", "gen"],
    "sub": ["!keep.log", "/only", "!cache/", "*.tmp", "deep/x", "a*b"],
    "sub/deep": ["keep.log"],
    "we*rd [x]": ["/y"],
  };
  const yes = [
    ...["a.log", "sub/a.log", "only", "sub/only", "sub/a.tmp", "sub/deep/a.tmp", "sub/deep/x"],
    ...["sub/deep/keep.log", "sub/gen/", "gen", "we*rd [x]/y", "sub/deep/ab"],
  ];
  const no = [
    ...["keep", "sub/keep.log", "other/only", "sub/cache/", "sub/cache/x", "a.tmp", "deep/x"],
    ...["other/deep/x", "sub/deep/only", "weird x/y", "we*rd [x]/z/y", "ab"],
  ];
  assert.deepEqual(ignored(files, [...yes, ...no]), yes);
});

Deno.test("IgnoreRules.ignoresFolder() looks at the folders on the way too", () => {
  const rules = IgnoreRules.below("/top").with("/top", "out/\n/a/b");
  const table = { "/top": false, "/top/out": true, "/top/out/x": true, "/top/a": false };
  for (const [folder, isIgnored] of Object.entries({ ...table, "/top/a/b/c/d": true })) {
    assert.equal(rules.ignoresFolder(folder), isIgnored, folder);
  }
});

Deno.test("IgnoreRules takes 1000 rules and no line that is too long", () => {
  const lines = Array.from({ length: 1500 }, (_, index) => `f${index}`);
  const rules = IgnoreRules.below("/").with("/", [`${"x".repeat(256)}`, ...lines].join("\n"));
  const ignores = rules.with("/a", "g").in("/a");
  const names = ["f0", "f999", "f1000", "g", "x".repeat(256)];
  assert.deepEqual(names.filter((name) => ignores(name, false)), ["f0", "f999"]);
});

Deno.test("IgnoreRules judges soon, whatever the patterns", () => {
  const piece = fc.constantFrom(
    ...["*", "**", "/", "**/", "*/", "a", "?", "[+-z]", "[!b]", "[a/]", "[[:alpha:]/]", "[]/]"],
    ...["\\a", "[\\+-z]", "[a-\\]z]", "_", "(", "{"],
  );
  const line = fc.array(piece, { minLength: 4, maxLength: 60 }).map((parts) => parts.join(""));
  const paths = ["a".repeat(255), "a/".repeat(64) + "a", `${"aa/".repeat(60)}${"a".repeat(200)}`];
  let slowest = 0;
  const property = fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
    const rules = IgnoreRules.below("/top").with("/top", lines.join("\n"));
    for (const path of paths) {
      const at = path.lastIndexOf("/");
      const start = performance.now();
      rules.in(`/top/${path.slice(0, Math.max(at, 0))}`)(path.slice(at + 1), false);
      slowest = Math.max(slowest, performance.now() - start);
    }
  });
  fc.assert(property, { numRuns: 3000 });
  assert.ok(slowest < 5000, `${slowest} ms`);
});
