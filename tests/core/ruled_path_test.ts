import { strict as assert } from "node:assert";
import { ruledPath, ruledPattern, unruled } from "../../src/core/ruled_path.ts";
import { matches } from "../../src/permissions/rules.ts";

Deno.test("ruledPath() spells a path of windows as rules know it", () => {
  const rows = [
    ["C:\\Ws\\a.TXT", "/c:/ws/a.txt"],
    ["c:/ws/../x", "/c:/x"],
    ["C:/../x", "/c:/x"],
    ["sub\\x", "sub/x"],
    ["..\\x", "../x"],
    ["C:x", "c:x"],
    ["/c:/ws/a", "/c:/ws/a"],
  ];
  for (const [path = "", wanted] of rows) assert.equal(ruledPath(path, "windows"), wanted, path);
});

Deno.test("ruledPath() and ruledPattern() keep what unix knows", () => {
  assert.equal(ruledPath("/A\\b/../C", "unix"), "/C");
  assert.equal(ruledPattern("/A\\b/**", "unix"), "/A\\b/**");
  assert.equal(unruled("/c:/x", "unix"), "/c:/x");
  assert.equal(unruled("/c:/x", "windows"), "c:/x");
});

const ROWS: readonly (readonly [pattern: string, path: string, isAbout: boolean])[] = [
  ["C:\\ws\\**", "C:\\ws\\a\\b", true],
  ["c:/WS/**", "C:\\ws\\a", true],
  ["C:\\ws\\*", "C:\\ws\\a", true],
  ["C:\\ws\\*", "C:\\ws\\a\\b", false],
  ["C:\\*", "C:\\a", true],
  ["C:\\ws\\**", "C:\\ws2\\a", false],
  ["C:\\ws\\**", "C:\\ws\\..\\a", false],
  ["D:\\ws\\**", "C:\\ws\\a", false],
  ["C:\\ws\\a.txt", "c:/ws/A.TXT", true],
  ["*.TXT", "C:\\ws\\a.txt", true],
  ["/**", "C:\\ws\\a", true],
  ["*", "C:\\ws\\a", true],
  ["C:\\ws\\**", "a", false],
];
for (const [pattern, path, isAbout] of ROWS) {
  Deno.test(`matches() says ${isAbout} to ${pattern} for ${path} on windows`, () => {
    const value = ruledPath(path, "windows");
    assert.equal(matches(pattern, { type: "path", value }, "windows"), isAbout);
  });
}
