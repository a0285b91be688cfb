import { strict as assert } from "node:assert";
import { PROTECTED_NAMES, protectedNameIn } from "../../src/tools/protected_names.ts";

const TABLE: readonly (readonly [path: string, name: string | undefined])[] = [
  ["/ws/.git/hooks/pre-commit", ".git/hooks"],
  ["/ws/.git/hooks", ".git/hooks"],
  ["/ws/deep/in/.git/config", ".git/config"],
  ["/ws/.GIT/Config", ".git/config"],
  ["/ws/.git./hooks /x", ".git/hooks"],
  ["/ws/.g\u200cit/hooks/x", ".git/hooks"],
  ["/ws/.ｇｉｔ/hooks/x", ".git/hooks"],
  ["/ws/.git", ".git"],
  ["/ws/sub/.git", ".git"],
  ["/ws/.git/modules/sub/config", ".git/modules"],
  ["/ws/.vscode/tasks.json", ".vscode"],
  ["/ws/.claude/settings.json", ".claude"],
  ["/ws/.Claude", ".claude"],
  ["/ws/.mcp.json", ".mcp.json"],
  ["/ws/.envrc", ".envrc"],
  ["/ws/.zſhrc", ".zshrc"],
  ["/ws/.bash_profile", ".bash_profile"],
  ["/ws/.git/HEAD", undefined],
  ["/ws/.git/hooks2/x", undefined],
  ["/ws/git/hooks/x", undefined],
  ["/ws/.gitignore", undefined],
  ["/ws/.env", undefined],
  ["/ws/hooks/config", undefined],
  ["/ws/.git/refs/config", undefined],
];

Deno.test("protectedNameIn() finds protected names under every spelling, and no neighbours", () => {
  for (const [path, name] of TABLE) assert.equal(protectedNameIn(path, ["/ws"]), name, path);
});

Deno.test("protectedNameIn() finds every row of the table, at any depth", () => {
  for (const row of PROTECTED_NAMES) {
    const name = row.join("/");
    for (const path of [`/ws/${name}`, `/ws/a/b/${name}/c`, `/ws/${name.toUpperCase()}`]) {
      assert.ok(protectedNameIn(path, ["/ws"]), path);
    }
  }
});

Deno.test("protectedNameIn() leaves alone what a grant itself names", () => {
  const roots = ["/home/u/.claude/worktrees/x"];
  assert.equal(protectedNameIn("/home/u/.claude/worktrees/x/a.txt", roots), undefined);
  assert.equal(protectedNameIn("/home/u/.claude/worktrees/x/.claude/a", roots), ".claude");
  assert.equal(protectedNameIn("/ws/.git/hooks/x", ["/ws/.git"]), ".git/hooks");
  assert.equal(protectedNameIn("/ws/.git/hooks/x", ["/ws/.git/hooks"]), undefined);
  assert.equal(protectedNameIn("/ws/.git/hooks/x", ["/ws/.git/hooks", "/ws"]), ".git/hooks");
});
