import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { readTool } from "../../src/tools/read.ts";
import { writeTool } from "../../src/tools/write.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("Write.prepare() needs write_file for the path as named", () => {
  assert.deepEqual(writeTool.prepare({ file_path: "a/../b.txt", content: "" }), {
    mutating: true,
    needs: [{ type: "write_file", path: "a/../b.txt" }],
  });
});

Deno.test("Write makes a file, with its folders, and tells the change", async () => {
  await using place = new ToolWorld();
  const path = place.path("new/deep/a.txt");
  const result = await place.call(writeTool, {
    file_path: "new/deep/a.txt",
    content: "one\ntwo\n",
  });
  assert.deepEqual({ ...result, result: JSON.parse(result.result) }, {
    success: true,
    display_preference: "Default",
    result: {
      operation: "create",
      message: `Created ${path}`,
      file_path: path,
      workspace: place.path("."),
      checkpoint: null,
      diff: {
        format: "unified",
        counts: { added: 2, removed: 0 },
        unified: `--- /dev/null\n+++ b${path}\n@@ -0,0 +1,2 @@\n+one\n+two`,
        truncated: false,
      },
    },
  });
  assert.equal(readFileSync(path, "utf8"), "one\ntwo\n");
  assert.deepEqual(readdirSync(place.path("new/deep")), ["a.txt"]);
});

Deno.test("Write replaces a file that was read, keeps its mode, and may write again at once", async () => {
  await using place = new ToolWorld({ "a.sh": "old\n" });
  chmodSync(place.path("a.sh"), 0o751);
  await place.text(readTool, { file_path: "a.sh" });
  const first = JSON.parse(await place.text(writeTool, { file_path: "a.sh", content: "new\n" }));
  assert.deepEqual([first.operation, first.diff.counts], ["overwrite", { added: 1, removed: 1 }]);
  assert.equal(statSync(place.path("a.sh")).mode & 0o777, 0o751);
  await place.text(writeTool, { file_path: "./a.sh", content: "newer\n" });
  assert.equal(readFileSync(place.path("a.sh"), "utf8"), "newer\n");
});

Deno.test("Write refuses a file that was not read, or changed since", async () => {
  await using place = new ToolWorld({ "a.txt": "old" });
  const write = { file_path: "a.txt", content: "new" };
  const unread =
    'refused: Cannot write "/workspace/a.txt": it exists and was not read yet; Read it first';
  const changed =
    'refused: Cannot write "/workspace/a.txt": it changed since it was read; Read it again';
  assert.equal(await place.refusal(writeTool, write), unread);
  await place.text(readTool, { file_path: "a.txt" });
  writeFileSync(place.path("a.txt"), "changed");
  assert.equal(await place.refusal(writeTool, write), changed);
  await place.text(readTool, { file_path: "a.txt" });
  utimesSync(place.path("a.txt"), 1, 1);
  assert.equal(await place.refusal(writeTool, write), changed);
  assert.equal(readFileSync(place.path("a.txt"), "utf8"), "changed");
  await place.text(readTool, { file_path: "a.txt" });
  await place.text(writeTool, write);
  writeFileSync(place.path("a.txt"), "after ours");
  assert.equal(await place.refusal(writeTool, write), changed);
});

Deno.test("Write replaces binary and huge files it cannot compare", async () => {
  await using place = new ToolWorld({
    "bin": new Uint8Array([0, 1, 2]),
    "latin": new Uint8Array([0xe9, 0x0a]),
    "huge": "h\n".repeat(5_000_000),
  });
  for (const file_path of ["bin", "latin", "huge"]) {
    await place.text(readTool, { file_path });
    const { diff } = JSON.parse(await place.text(writeTool, { file_path, content: "text\n" }));
    assert.deepEqual([diff.counts, diff.truncated], [{ added: 1, removed: 0 }, true]);
    assert.equal(readFileSync(place.path(file_path), "utf8"), "text\n");
  }
});

Deno.test("Write refuses what lies outside, or only where reading is granted", async () => {
  await using place = new ToolWorld({ "../granted/g.txt": "g", "../outside/x": "x" });
  for (
    const path of [
      "../granted/new.txt",
      "../granted/g.txt",
      "../outside/x",
      "/etc/x",
      "a/../../b",
    ]
  ) {
    const line = await place.refusal(writeTool, { file_path: path, content: "" });
    assert.match(
      line,
      /outside the folders granted for writing \(\/workspace\); grant it with capabilities\.sandbox\.write \["[^"]+"\] or sheath run --write \//,
    );
  }
  assert.equal(readFileSync(place.path("../granted/g.txt"), "utf8"), "g");
});

Deno.test("Write goes through no link: file, folder, chain, dangling, in or out", async () => {
  await using place = new ToolWorld({ "real/a.txt": "a", "../outside/x": "x" });
  place.link("file", "real/a.txt");
  place.link("folder", "real");
  place.link("out_file", "../outside/x");
  place.link("out_folder", "../outside");
  place.link("chain", "out_folder");
  place.link("dangling", "../outside/new");
  const before = tree(place);
  const table: readonly (readonly [path: string, why: string])[] = [
    ["file", '"/workspace/file" is a symlink; name the file it leads to instead'],
    ["out_file", '"/workspace/out_file" is a symlink; name the file it leads to instead'],
    ["dangling", '"/workspace/dangling" is a symlink; name the file it leads to instead'],
    [
      "folder/a.txt",
      'a symlink in the path leads to "/workspace/real/a.txt"; use that name instead',
    ],
    ["out_folder/x", 'a symlink in the path leads to "/outside/x"; use that name instead'],
    ["folder/new", '"/workspace/folder" is a symlink; name the file it leads to instead'],
    ["out_folder/new/x", '"/workspace/out_folder" is a symlink; name the file it leads to instead'],
    ["chain/new", '"/workspace/chain" is a symlink; name the file it leads to instead'],
    ["dangling/new", '"/workspace/dangling" is a symlink; name the file it leads to instead'],
  ];
  for (const [path, why] of table) {
    const line = await place.refusal(writeTool, { file_path: path, content: "evil" });
    assert.equal(line, `refused: Cannot write "/workspace/${path}": ${why}`);
  }
  assert.deepEqual(tree(place), before);
});

Deno.test("Write refuses what is no regular file, and leaves nothing behind", async () => {
  await using place = new ToolWorld({ "a.txt": "a" });
  mkdirSync(place.path("folder"));
  execFileSync("mkfifo", [place.path("pipe")]);
  const before = tree(place);
  const table: readonly (readonly [path: string, why: string])[] = [
    ["folder", "it is a folder, expected a regular file"],
    [".", "it is a folder, expected a regular file"],
    ["pipe", "it is a pipe (FIFO), expected a regular file"],
    ["a.txt/b", '"/workspace/a.txt" is not a folder'],
    ["pipe/b/c", '"/workspace/pipe" is not a folder'],
    [`d/e/${"x".repeat(300)}`, "a name in it is too long"],
    [`d/e/${"ü".repeat(200)}`, "a name in it is too long"],
  ];
  for (const [path, why] of table) {
    const line = await place.refusal(writeTool, { file_path: path, content: "" });
    assert.ok(line.startsWith("refused: Cannot write ") && line.endsWith(why), line);
    assert.deepEqual(tree(place), before, path);
  }
});

Deno.test("Write keeps the longest names a file may have", async () => {
  await using place = new ToolWorld();
  for (const file_path of ["x".repeat(255), "😀".repeat(63)]) {
    await place.text(writeTool, { file_path, content: "1" });
    await place.text(writeTool, { file_path, content: "2" });
    assert.equal(readFileSync(place.path(file_path), "utf8"), "2");
  }
});

Deno.test("Write refuses protected names under every spelling, and writes their neighbours", async () => {
  await using place = new ToolWorld({ ".git/HEAD": "ref", "sub/x": "" });
  const before = tree(place);
  const spellings = [
    ".git/hooks/pre-commit",
    "./.git//hooks/pre-commit",
    "sub/../.git/hooks/pre-commit",
    ".GIT/HOOKS/pre-commit",
    ".git/config",
    ".vscode/tasks.json",
    "sub/.envrc",
    ".mcp.json",
    ".mcp.json/x",
    place.path(".claude/settings.json"),
    "sub/.git",
  ];
  for (const file_path of spellings) {
    const line = await place.refusal(writeTool, { file_path, content: "evil" });
    assert.match(line, /" is protected \(other programs run or trust it\); ask the user/);
  }
  assert.deepEqual(tree(place), before);
  await place.text(writeTool, { file_path: ".gitignore", content: "x" });
  await place.text(writeTool, { file_path: ".git/description", content: "x" });
});

Deno.test("Write breaks a hard link instead of writing through it", async () => {
  await using place = new ToolWorld({ "../outside/x": "outside" });
  linkSync(place.path("../outside/x"), place.path("hard"));
  await place.text(readTool, { file_path: "hard" });
  await place.text(writeTool, { file_path: "hard", content: "ours" });
  assert.equal(readFileSync(place.path("../outside/x"), "utf8"), "outside");
});

Deno.test("Write to a file granted by its name writes it in place", async () => {
  await using place = new ToolWorld({ "../outside/one.txt": "a longer old text" });
  const path = place.path("../outside/one.txt");
  const world = { ...place.world, roots: { ...place.world.roots, write: [path] } };
  const { signal } = new AbortController();
  const inode = lstatSync(path).ino;
  await readTool.perform({ file_path: path }, world, signal);
  await writeTool.perform({ file_path: path, content: "new" }, world, signal);
  assert.equal(readFileSync(path, "utf8"), "new");
  assert.equal(lstatSync(path).ino, inode);
  await writeTool.perform({ file_path: path, content: "newer" }, world, signal);
  assert.equal(readFileSync(path, "utf8"), "newer");
  const beside = writeTool.perform({ file_path: `${path}2`, content: "" }, world, signal);
  await assert.rejects(beside, { fault: "refused" });
});

/** Everything in the test's folder, with the texts of files. */
function tree(place: ToolWorld): readonly string[] {
  const root = place.path("..");
  return readdirSync(root, { recursive: true, encoding: "utf8" }).sort().map((name) => {
    const info = lstatSync(`${root}/${name}`);
    return info.isFile() ? `${name}: ${readFileSync(`${root}/${name}`, "utf8")}` : name;
  });
}
