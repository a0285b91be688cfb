import { strict as assert } from "node:assert";
import { isInside, mayBeInside } from "../../src/base/path_inside.ts";
import {
  foldedPath,
  looksShortened,
  namesDevice,
  namesIn,
  pathOfEntry,
  resolvedOnWindows,
  windowsFlaw,
  withSlashes,
} from "../../src/base/path_system.ts";

const NO_PLACE: Readonly<Record<string, readonly string[]>> = {
  "network and device": [
    String.raw`\\server\share\x`,
    "//server/share/x",
    String.raw`\/server\share`,
    String.raw`/\server\share`,
    String.raw`\\localhost\c$\x`,
    String.raw`\\?\C:\x`,
    "//?/C:/x",
    String.raw`\\?\UNC\server\share`,
    String.raw`\\?\GLOBALROOT\Device\HarddiskVolume1\x`,
    String.raw`\\?\Volume{b75e2c83-0000-0000-0000-602f00000000}\x`,
    String.raw`\\.\C:\x`,
    String.raw`\\.\pipe\x`,
    "//./PhysicalDrive0",
    String.raw`\??\C:\x`,
    "/??/C:/x",
    String.raw`\\`,
    "//",
  ],
  "no drive": ["\\", "/", String.raw`\x`, "/etc/passwd", String.raw`\..\x`, "/C:/x"],
  "a drive's own folder": ["C:", "c:x", "C:..\\x", "C:.", "z:x/y", "C:x:y", "a:b"],
  "a stream": [
    "ab:b",
    "a.txt::$DATA",
    "a.txt:$DATA",
    String.raw`.git::$INDEX_ALLOCATION\config`,
    String.raw`C:\x:y`,
    String.raw`C:\x\:y`,
    String.raw`x\C:\y`,
    "file:///C:/x",
    "1:\\x",
    "\u212a:\\x",
    "./C:/x",
  ],
  "no name there has": ["a<", ">a", 'a"b', "a|b", "a?", "*", "a\tb", "a\nb", "a\0b", "a\x1f"],
  "ends in a dot or a space": [
    "a.",
    "a ",
    "a. .",
    "...",
    ".. ",
    ". ",
    String.raw`..\.. \x`,
    String.raw`.git.\config`,
    String.raw`.git \config`,
    String.raw`C:\a.\b`,
    "C:/a /b",
    "a/...",
  ],
  "names a device": [
    "NUL",
    "nul",
    "Nul.txt",
    "nul.tar.gz",
    "nul .txt",
    "CON",
    "con.x",
    "PRN",
    "aux",
    "CLOCK$",
    "conin$",
    "CONOUT$",
    "COM0",
    "com1",
    "COM9.log",
    "com\u00b9",
    "LPT\u00b2",
    "lpt\u00b3.x",
    "LPT5",
    String.raw`C:\a\NUL`,
    String.raw`a\aux\b`,
  ],
  "well-formed": ["\ud800", "a\udc00b"],
};

for (const [why, paths] of Object.entries(NO_PLACE)) {
  Deno.test(`windowsFlaw() tells of "${why}"`, () => {
    for (const path of paths) assert.match(windowsFlaw(path) ?? "none", new RegExp(why), path);
  });
}

Deno.test("windowsFlaw() has nothing against plain paths", () => {
  const plain = [
    "",
    ".",
    "..",
    "a",
    "a.b",
    ".git",
    ".a.b",
    " a",
    "..a",
    "nulls",
    "null.txt",
    "com",
    "com10",
    "com1x",
    "aux-x",
    "conin",
    "a~1",
    "GIT~1",
    "a%b$c'd(e)&f",
    "\uff1a",
    "ä/日本",
    "C:\\",
    "c:/",
    "C:\\a\\b",
    "z:/a/b",
    "C:\\a\\..\\b",
    "a\\b/c",
    "..\\..\\x",
    "a//b",
    "a\\",
    "C:\\a b\\c d.e",
  ];
  for (const path of plain) assert.equal(windowsFlaw(path), undefined, path);
});

const RESOLVED = [
  ["a", "C:\\ws\\a"],
  [".", "C:\\ws"],
  ["", "C:\\ws"],
  ["a/b", "C:\\ws\\a\\b"],
  ["a//b\\", "C:\\ws\\a\\b"],
  ["..\\x", "C:\\x"],
  ["..\\..\\..\\x", "C:\\x"],
  ["c:/ws/../x", "C:\\x"],
  ["d:\\x\\.\\y", "D:\\x\\y"],
  ["D:/", "D:\\"],
] as const;
Deno.test("resolvedOnWindows() gives one spelling for each place", () => {
  for (const [path, wanted] of RESOLVED) assert.equal(resolvedOnWindows("C:\\ws", path), wanted);
});

const INSIDE = [
  ["C:\\ws\\a", "C:\\ws", true, true],
  ["C:\\ws", "C:\\ws", true, true],
  ["C:\\ws2", "C:\\ws", false, false],
  ["C:\\WS\\a", "C:\\ws", false, true],
  ["C:\\w\u0131ndows", "C:\\WINDOWS", false, true],
  ["C:\\a", "C:\\", true, true],
  ["D:\\a", "C:\\", false, false],
  ["C:\\", "C:\\", true, true],
  ["C:\\", "C:\\a", false, false],
  ["C:\\ws/a", "C:\\ws", false, false],
] as const;
Deno.test("isInside() goes by the spelling on windows, mayBeInside() by less", () => {
  for (const [path, folder, is, mayBe] of INSIDE) {
    assert.equal(isInside(path, folder, "windows"), is, path);
    assert.equal(mayBeInside(path, folder, "windows"), mayBe, path);
  }
});

Deno.test("isInside() and mayBeInside() are the same on unix", () => {
  const rows = [
    ["/a/b", "/a", true],
    ["/a", "/", true],
    ["/", "/", true],
    ["/ab", "/a", false],
    ["/A/b", "/a", false],
    ["/a\\b", "/a", false],
  ] as const;
  for (const [path, folder, is] of rows) {
    assert.equal(isInside(path, folder, "unix"), is, path);
    assert.equal(mayBeInside(path, folder, "unix"), is, path);
  }
});

Deno.test("namesIn(), pathOfEntry() and withSlashes() keep a backslash on unix", () => {
  assert.deepEqual(namesIn("/a\\b//c", "unix"), ["a\\b", "c"]);
  assert.deepEqual(namesIn("C:\\a/b\\\\c", "windows"), ["C:", "a", "b", "c"]);
  assert.equal(pathOfEntry("/", "a", "unix"), "/a");
  assert.equal(pathOfEntry("/a", "b", "unix"), "/a/b");
  assert.equal(pathOfEntry("C:\\", "a", "windows"), "C:\\a");
  assert.equal(pathOfEntry("C:\\a", "b", "windows"), "C:\\a\\b");
  assert.equal(withSlashes("a\\b", "unix"), "a\\b");
  assert.equal(withSlashes("a\\b", "windows"), "a/b");
  assert.equal(foldedPath("/A", "unix"), "/A");
});

Deno.test("looksShortened() and namesDevice() judge a name", () => {
  assert.deepEqual(["GIT~1", "a~2.txt", "~", "a~b", "~x1"].map(looksShortened), [
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.deepEqual(["con", "con.md", "cons", ".con"].map(namesDevice), [true, true, false, false]);
});
