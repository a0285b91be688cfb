import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { editTool } from "../../src/tools/edit.ts";
import { readTool } from "../../src/tools/read.ts";
import { ToolWorld } from "./tool_world.ts";

const READ = { file_path: "a.txt" };

Deno.test("Edit replaces one text and tells what it did", async () => {
  await using place = new ToolWorld({ "a.txt": "one\ntwo\nthree\n" });
  await place.text(readTool, READ);
  const path = place.path("a.txt");
  const result = await place.call(editTool, { ...READ, old_string: "two", new_string: "2\n2½" });
  assert.deepEqual({ ...result, result: JSON.parse(result.result) }, {
    success: true,
    display_preference: "Default",
    result: {
      operation: "edit",
      message: `Edited ${path}: 1 replacement`,
      file_path: path,
      workspace: place.path("."),
      checkpoint: null,
      edit_mode: "legacy",
      replacements: 1,
      requested_replace_all: false,
      used_patch_mode: false,
      line_number_hint: null,
      changed_bytes: 8,
      changed_lines: 3,
      touched_lines: 2,
      diff: {
        format: "unified",
        counts: { added: 2, removed: 1 },
        unified: `--- a${path}\n+++ b${path}\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2½\n three`,
        truncated: false,
      },
    },
  });
  assert.equal(readFileSync(path, "utf8"), "one\n2\n2½\nthree\n");
});

Deno.test("Edit edits again after its own change, by line and everywhere", async () => {
  await using place = new ToolWorld({ "a.txt": "ab\nab\nab\n" });
  await place.text(readTool, READ);
  const edit = { ...READ, old_string: "ab", new_string: "xy" };
  const near = JSON.parse(await place.text(editTool, { ...edit, line_number: 2 }));
  assert.deepEqual([near.line_number_hint, near.replacements], [2, 1]);
  const all = JSON.parse(await place.text(editTool, { ...edit, replace_all: true }));
  assert.deepEqual([all.requested_replace_all, all.replacements, all.touched_lines], [true, 2, 2]);
  assert.equal(all.message, `Edited ${place.path("a.txt")}: 2 replacements`);
  assert.equal(readFileSync(place.path("a.txt"), "utf8"), "xy\nxy\nxy\n");
});

Deno.test("Edit applies a patch of blocks, all or none", async () => {
  await using place = new ToolWorld({ "a.txt": "one\ntwo\nthree\n" });
  await place.text(readTool, READ);
  const block = (from: string, to: string) =>
    `<<<<<<< SEARCH\n${from}\n=======\n${to}\n>>>>>>> REPLACE\n`;
  const broken = block("one", "1") + block("four", "4");
  const refusal = await place.refusal(editTool, { ...READ, patch: broken });
  assert.match(refusal, /^bad_input: patch: block 2: old_string: not found in the file/);
  assert.equal(readFileSync(place.path("a.txt"), "utf8"), "one\ntwo\nthree\n");
  const patch = block("one", "1") + block("three", "3");
  const done = JSON.parse(await place.text(editTool, { ...READ, patch }));
  assert.deepEqual([done.edit_mode, done.used_patch_mode, done.replacements], ["patch", true, 2]);
  assert.equal(readFileSync(place.path("a.txt"), "utf8"), "1\ntwo\n3\n");
});

Deno.test("Edit keeps a byte order mark and every byte it does not change", async () => {
  const text = "\ufeffone\r\ntwo \u2028 three\n\tfour";
  await using place = new ToolWorld({ "a.txt": text });
  await place.text(readTool, READ);
  await place.text(editTool, { ...READ, old_string: "two", new_string: "2" });
  assert.equal(readFileSync(place.path("a.txt"), "utf8"), text.replace("two", "2"));
});

Deno.test("Edit.prepare() refuses arguments that do not go together", () => {
  const table: readonly (readonly [args: Record<string, unknown>, message: string])[] = [
    [{}, "old_string: expected it, or patch, got nothing"],
    [{ old_string: "a" }, "new_string: expected a string, got nothing"],
    [{ old_string: "", new_string: "a" }, "old_string: expected some text, got an empty one"],
    [{ old_string: "a", new_string: "a" }, "new_string: expected another text than old_string"],
    [
      { old_string: "a", new_string: "b", replace_all: true, line_number: 1 },
      "line_number: expected no line with replace_all",
    ],
    [
      { old_string: "a", new_string: "b", patch: "x" },
      "patch: expected alone, got other ways to edit beside it",
    ],
    [{ patch: "x", replace_all: true }, "patch: expected alone, got other ways to edit beside it"],
  ];
  for (const [args, message] of table) {
    assert.throws(() => editTool.prepare({ ...READ, ...args }), { fault: "bad_input", message });
  }
});

Deno.test("Edit refuses what it cannot edit, and changes nothing", async () => {
  await using place = new ToolWorld({
    "bin": new Uint8Array([65, 0]),
    "latin": new Uint8Array([65, 0xe9]),
    "huge": "A\n".repeat(5_000_000),
    "long": "A\n".repeat(130),
    "unread": "A",
    "../granted/g": "A",
    ".git/config": "A",
  });
  for (const file_path of ["bin", "latin", "huge", "long", "../granted/g", ".git/config"]) {
    await place.text(readTool, { file_path });
  }
  const table: readonly (readonly [path: string, line: string])[] = [
    ["none", 'refused: Cannot edit "/workspace/none": no such file; use Write to make it'],
    [
      "unread",
      'refused: Cannot write "/workspace/unread": it exists and was not read yet; Read it first',
    ],
    ["bin", 'refused: Cannot edit "/workspace/bin": it is a binary file'],
    ["latin", 'refused: Cannot edit "/workspace/latin": it is not UTF-8 text'],
    [
      "huge",
      'refused: Cannot edit "/workspace/huge": file is 10000000 bytes, expected at most 8388608',
    ],
    [
      ".git/config",
      'refused: Cannot write "/workspace/.git/config": ".git/config" is protected (other programs \
run or trust it); ask the user to change it by hand',
    ],
  ];
  for (const [file_path, line] of table) {
    const args = { file_path, old_string: "A", new_string: "B" };
    assert.equal(await place.refusal(editTool, args), line);
  }
  const granted = { file_path: "../granted/g", old_string: "A", new_string: "B" };
  assert.match(await place.refusal(editTool, granted), /outside the folders granted for writing/);
  const lines = { file_path: "long", old_string: "A\n".repeat(121), new_string: "B" };
  assert.match(await place.refusal(editTool, lines), /bad_input: old_string: found \d+ times/);
  writeFileSync(place.path("long"), `start\n${"A\n".repeat(121)}`);
  await place.text(readTool, { file_path: "long" });
  assert.match(
    await place.refusal(editTool, { ...lines, old_string: `start\n${"A\n".repeat(120)}` }),
    /^bad_input: old_string: touches 121 lines, expected at most 120; edit in smaller steps/,
  );
});
