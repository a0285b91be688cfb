import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { namedPath } from "../../src/tools/named_path.ts";
import { demandAccess } from "../../src/tools/roots.ts";

const ROOTS = { workspace: "C:\\ws", read: ["D:\\lib"], write: [] };

/** What comes of a path that a model names for reading: the place, or "refused". */
function judged(text: string): string {
  try {
    const path = namedPath("C:\\ws\\sub", text, "windows");
    demandAccess("read", path, { roots: ROOTS, system: "windows" });
    return path;
  } catch (thrown) {
    assert.ok(thrown instanceof WorkerError);
    assert.doesNotMatch(thrown.message, /\n/);
    return thrown.fault;
  }
}

Deno.test("namedPath() and demandAccess() let on windows what lies in the roots", () => {
  const rows = [
    ["x.txt", "C:\\ws\\sub\\x.txt"],
    ["..", "C:\\ws"],
    ["../a/b", "C:\\ws\\a\\b"],
    ["c:/ws/x", "C:\\ws\\x"],
    ["d:\\lib\\..\\lib\\x", "D:\\lib\\x"],
    ["C:\\out\\..\\ws\\x", "C:\\ws\\x"],
  ];
  for (const [text = "", path] of rows) assert.equal(judged(text), path, text);
});

Deno.test("namedPath() and demandAccess() refuse on windows every other spelling", () => {
  const texts = [
    "..\\..",
    "../../out/x",
    "C:\\out\\x",
    "C:/ws/../out",
    "C:\\ws2",
    "C:\\WS\\x", // the file system says whose it is; a model knows the name it was told
    "D:\\library",
    "\\ws\\x",
    "/ws/x",
    "C:ws\\x",
    "C:x",
    "\\\\?\\C:\\ws\\x",
    "//?/C:/ws/x",
    "\\\\.\\C:\\ws\\x",
    "\\??\\C:\\ws\\x",
    "\\\\localhost\\c$\\ws\\x",
    "x.txt:s",
    "x.txt::$DATA",
    "C:\\ws:s\\x",
    "x.txt.",
    "x.txt ",
    ".. \\x",
    "C:\\ws \\x",
    "NUL",
    "con.txt",
    "a*",
  ];
  for (const text of texts) assert.equal(judged(text), "refused", text);
});

Deno.test("namedPath() takes any text for a path on unix", () => {
  const rows = [["C:\\x", "/ws/C:\\x"], ["//a/../b", "/b"], ["a:b", "/ws/a:b"], ["NUL", "/ws/NUL"]];
  for (const [text = "", path] of rows) assert.equal(namedPath("/ws", text, "unix"), path);
});
