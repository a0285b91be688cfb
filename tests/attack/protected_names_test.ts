// Lesson: files that other programs run or trust are not written by a file tool under any spelling,
// whether they exist or not; names that only look like them are.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { filesUnder, Playground } from "../support/playground.ts";
import type { NamedCall } from "../support/scripted_spec.ts";
import { makeToolCalls } from "../support/tool_calls.ts";

/** Written out here anew, so that a name lost from the program's table is missed. */
const PROTECTED = [
  ".git/hooks/pre-commit",
  ".git/config",
  ".git/info/attributes",
  ".gitmodules",
  ".husky/pre-commit",
  ".mcp.json",
  ".vscode/tasks.json",
  ".idea/workspace.xml",
  ".claude/settings.json",
  ".codex/config.toml",
  ".gemini/settings.json",
  ".agents/skills/x/SKILL.md",
  ".sheath/config.json",
  ".bamboo/skills/x/SKILL.md",
  ".envrc",
  ".bashrc",
  ".bash_profile",
  ".profile",
  ".zshrc",
  ".zshenv",
  "packages/inner/.git/config",
  "packages/inner/.vscode/tasks.json",
];

const SPELLINGS: Readonly<Record<string, (name: string, workspace: string) => string>> = {
  "absolute": (name, workspace) => `${workspace}/${name}`,
  "relative": (name) => name,
  "with //": (name, workspace) => `${workspace}//${name.replaceAll("/", "//")}`,
  "with ./": (name, workspace) => `${workspace}/./${name.replaceAll("/", "/./")}`,
  "with ..": (name, workspace) => `${workspace}/plain/../${name}`,
  "out and in again": (name, workspace) => `${workspace}/../${workspace.split("/").at(-1)}/${name}`,
  "in capitals": (name, workspace) => `${workspace}/${name.toUpperCase()}`,
};

for (const [how, spell] of Object.entries(SPELLINGS)) {
  Deno.test(`no protected name is made by Write, spelled ${how}`, async () => {
    using ground = new Playground({ "plain/x.txt": "x\n" });
    const before = filesUnder(ground.workspace);
    const calls = PROTECTED.map((name): NamedCall => [
      "Write",
      { file_path: spell(name, ground.workspace), content: "planted\n" },
    ]);
    const outcomes = await makeToolCalls({ ground, calls });
    const made = outcomes.flatMap(({ success }, index) => success ? [PROTECTED[index]] : []);
    assert.deepEqual(made, []);
    assert.deepEqual(filesUnder(ground.workspace), before);
  });
}

Deno.test("no protected file that exists is changed, and each may still be read", async () => {
  using ground = new Playground(Object.fromEntries(PROTECTED.map((name) => [name, "theirs\n"])));
  const calls = PROTECTED.flatMap((name): NamedCall[] => [
    ["Read", { file_path: ground.path(name) }],
    ["Edit", { file_path: ground.path(name), old_string: "theirs", new_string: "ours" }],
    ["Write", { file_path: ground.path(name), content: "ours\n" }],
  ]);
  const outcomes = await makeToolCalls({ ground, calls });
  assert.deepEqual(
    outcomes.map(({ success }) => success),
    PROTECTED.flatMap(() => [true, false, false]),
  );
  for (const name of PROTECTED) assert.equal(readFileSync(ground.path(name), "utf8"), "theirs\n");
});

Deno.test("a folder made the current one does not make its protected files writable", async () => {
  using ground = new Playground({ ".git/config": "theirs\n", ".vscode/settings.json": "{}\n" });
  const calls: NamedCall[] = [
    ["Workspace", { path: ground.path(".git") }],
    ["Write", { file_path: "hooks/pre-commit", content: "planted\n" }],
    ["Write", { file_path: "../.mcp.json", content: "{}\n" }],
    ["Workspace", { path: ground.path(".vscode") }],
    ["Write", { file_path: "tasks.json", content: "{}\n" }],
  ];
  const outcomes = await makeToolCalls({ ground, calls });
  assert.deepEqual(outcomes.map(({ success }) => success), [true, false, false, true, false]);
  assert.deepEqual(filesUnder(ground.workspace), [".git/config", ".vscode/settings.json"]);
});

const NEIGHBOURS = [
  ".github/workflows/ci.yml",
  ".gitignore",
  ".gitattributes",
  "git/hooks/pre-commit",
  "hooks/pre-commit",
  "config",
  ".vscode-test/x.json",
  ".mcp.json.example",
  "my.mcp.json",
  ".envrc.example",
  ".env.example",
  "bashrc",
  "docs/.claude.md",
  "x.git/config",
];

Deno.test("control: neighbour names are written by the same calls", async () => {
  using ground = new Playground();
  const calls = NEIGHBOURS.map((name): NamedCall => [
    "Write",
    { file_path: ground.path(name), content: "fine\n" },
  ]);
  const outcomes = await makeToolCalls({ ground, calls });
  const refused = outcomes.flatMap(({ success, text }) => success ? [] : [text]);
  assert.deepEqual(refused, []);
  for (const name of NEIGHBOURS) assert.ok(existsSync(ground.path(name)), name);
});
