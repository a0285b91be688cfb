// Lesson: a link in the workspace, made before or meanwhile, is no way out for any file tool, and
// neither are `..`, absolute names and what a tool calls its folder.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { filesUnder, Playground } from "../support/playground.ts";
import type { NamedCall } from "../support/scripted_spec.ts";
import { makeToolCalls } from "../support/tool_calls.ts";

const CANARY = "canary-5c1e";

/** A workspace full of links to a folder beside it, and real files that must go on working. */
function setScene(): Playground {
  const ground = new Playground({ "real.txt": "real\n", "folder/inner.txt": "inner\n" });
  const outside = join(ground.root, "outside");
  mkdirSync(join(outside, "folder"), { recursive: true });
  writeFileSync(join(outside, "secret.txt"), `${CANARY}\n`);
  writeFileSync(join(outside, "folder/deep.txt"), `${CANARY}\n`);
  const links: Readonly<Record<string, string>> = {
    "file-link": join(outside, "secret.txt"),
    "folder-link": outside,
    "relative-link": "../outside/secret.txt",
    "chain-1": "chain-2",
    "chain-2": "chain-3",
    "chain-3": join(outside, "secret.txt"),
    "dangling": join(outside, "made-by-dangling.txt"),
    "root-link": "/",
    "proc-link": "/proc/self/environ",
    "folder/up": "../..",
    "loop": "loop",
    "good-link": "folder/inner.txt",
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, ground.path(name));
  return ground;
}

/** Names of outside files, as the model may write them. `@` is the workspace. */
const NAMES = [
  "@/file-link",
  "@/folder-link",
  "@/folder-link/secret.txt",
  "@/folder-link/folder/deep.txt",
  "@/relative-link",
  "@/chain-1",
  "@/dangling",
  "@/root-link/etc/hostname",
  "@/proc-link",
  "@/folder/up/outside/secret.txt",
  "@/loop",
  "@/../outside/secret.txt",
  "@//..//outside/./secret.txt",
  "@/folder/../../outside/secret.txt",
  "@/folder-link/../outside/secret.txt",
  "../outside/secret.txt",
  "folder/../../outside/secret.txt",
  "file-link",
  "/etc/hostname",
  "//etc/hostname",
  "/proc/self/environ",
  "/proc/self/root/etc/hostname",
  "/dev/fd/0",
] as const;

const reading = (name: string): readonly NamedCall[] => [
  ["Read", { file_path: name }],
  ["Grep", { pattern: ".", path: name, output_mode: "content" }],
  ["Glob", { pattern: "*", path: name }],
  ["Workspace", { path: name }],
];

const writing = (name: string): readonly NamedCall[] => [
  ["Write", { file_path: name, content: "overwritten\n" }],
  ["Edit", { file_path: name, old_string: CANARY, new_string: "changed" }],
];

const at = (ground: Playground, name: string) => name.replace("@", ground.workspace);

Deno.test("no file tool reads through a link, .. or an absolute name", async () => {
  using ground = setScene();
  const calls = NAMES.flatMap((name) => reading(at(ground, name)));
  const outcomes = await makeToolCalls({ ground, calls });
  for (const [index, { success, text }] of outcomes.entries()) {
    const call = JSON.stringify(calls[index]);
    assert.ok(!success, `${call} succeeded: ${text}`);
    assert.ok(!text.includes(CANARY), call);
  }
});

Deno.test("no file tool writes through a link, .. or an absolute name", async () => {
  using ground = setScene();
  const before = contentsOf(join(ground.root, "outside"));
  const hostname = readFileSync("/etc/hostname", "utf8");
  // A name is taken by its text: what stands before `..` is not looked at, so this one stays inside.
  const inside = "@/folder-link/../outside/secret.txt";
  const more = ["@/folder-link/new.txt", "@/folder-link/a/b/new.txt", "@/../new.txt"];
  const names = [...NAMES.filter((name) => name !== inside), ...more];
  const calls = names.flatMap((name) => writing(at(ground, name)));
  const outcomes = await makeToolCalls({ ground, calls });
  const written = outcomes.flatMap(({ success }, index) => success ? [calls[index]] : []);
  assert.deepEqual(written, []);
  assert.deepEqual(contentsOf(join(ground.root, "outside")), before);
  assert.equal(readFileSync("/etc/hostname", "utf8"), hostname);
  assert.deepEqual(readdirSync(ground.root).filter((name) => name === "new.txt"), []);
});

Deno.test("a refusal names the grant that would allow it, and that grant does", async () => {
  using ground = setScene();
  const outside = join(ground.root, "outside");
  const secret = join(outside, "secret.txt");
  const calls: NamedCall[] = [
    ["Read", { file_path: secret }],
    ["Write", { file_path: join(outside, "new.txt"), content: "x\n" }],
    ["Read", { file_path: ground.path("file-link") }],
  ];
  const [read, write, linked] = await makeToolCalls({ ground, calls });
  assert.match(read?.text ?? "", /capabilities\.sandbox\.read/);
  assert.match(write?.text ?? "", /capabilities\.sandbox\.write/);
  assert.match(linked?.text ?? "", /capabilities\.sandbox\.read/);

  const fields = { capabilities: { sandbox: { write: [outside] } } };
  const granted = await makeToolCalls({ ground, calls, fields });
  assert.deepEqual(granted.map(({ success }) => success), [true, true, true]);
});

Deno.test("a search of the whole workspace follows no link out", async () => {
  using ground = setScene();
  const outcomes = await makeToolCalls({
    ground,
    calls: [
      ["Grep", { pattern: CANARY, path: ground.workspace, output_mode: "content" }],
      ["Grep", { pattern: "inner", path: ground.workspace, output_mode: "content" }],
      ["Glob", { pattern: "**/*", path: ground.workspace }],
      ["Glob", { pattern: `${ground.workspace}/folder-link/**`, path: ground.workspace }],
      ["Glob", { pattern: "../outside/*", path: ground.workspace }],
      ["Read", { file_path: ground.workspace }],
    ],
  });
  const texts = outcomes.map(({ text }) => text);
  assert.doesNotMatch(texts.join("\n"), new RegExp(`${CANARY}|secret\\.txt|deep\\.txt`));
  assert.match(texts[1] ?? "", /inner\.txt/);
  assert.match(texts[2] ?? "", /real\.txt/);
});

Deno.test("the real files beside the links, and a link that stays inside, go on working", async () => {
  using ground = setScene();
  const outcomes = await makeToolCalls({
    ground,
    calls: [
      ["Read", { file_path: ground.path("real.txt") }],
      ["Edit", { file_path: ground.path("real.txt"), old_string: "real", new_string: "mended" }],
      ["Write", { file_path: ground.path("folder/new.txt"), content: "new\n" }],
      ["Read", { file_path: ground.path("good-link") }],
      ["Workspace", { path: ground.path("folder") }],
      ["Read", { file_path: "inner.txt" }],
      ["Read", { file_path: "../../outside/secret.txt" }],
    ],
  });
  assert.deepEqual(outcomes.map(({ success }) => success), [
    ...[true, true, true, true, true, true],
    false,
  ]);
  assert.equal(readFileSync(ground.path("real.txt"), "utf8"), "mended\n");
  assert.equal(readFileSync(ground.path("folder/new.txt"), "utf8"), "new\n");
});

Deno.test("control: without the cage the links do lead out", () => {
  using ground = setScene();
  for (const name of ["file-link", "folder-link/secret.txt", "relative-link", "chain-1"]) {
    assert.equal(readFileSync(ground.path(name), "utf8"), `${CANARY}\n`);
  }
  execFileSync("/bin/sh", ["-c", 'echo made > "$0"', ground.path("dangling")]);
  assert.ok(existsSync(join(ground.root, "outside/made-by-dangling.txt")));
  assert.ok(statSync(ground.path("root-link/etc")).isDirectory());
});

function contentsOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesUnder(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}
