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

const WINDOWS: readonly (readonly [path: string, name: string | undefined])[] = [
  ["C:\\ws\\.git\\config", ".git/config"],
  ["C:\\ws/.git/config", ".git/config"],
  ["C:\\ws\\.GIT\\HOOKS\\pre-commit", ".git/hooks"],
  ["C:\\ws\\sub\\.Git\\Info\\exclude", ".git/info"],
  ["C:\\WS\\.git\\config", ".git/config"],
  ["c:\\ws\\.git\\modules\\x", ".git/modules"],
  ["C:\\ws\\.g\u0131t\\config", ".git/config"],
  ["C:\\ws\\.\uff27it\\config", ".git/config"],
  ["C:\\ws\\.git\u200b\\config", ".git/config"],
  ["C:\\ws\\.git. \\config.", ".git/config"],
  ["C:\\ws\\.git", ".git"],
  ["C:\\ws\\.BashRC", ".bashrc"],
  ["C:\\ws\\.ba\u017fhrc", ".bashrc"],
  ["C:\\ws\\.z\u017fhrc", ".zshrc"],
  ["C:\\ws\\.\u212ashrc", ".kshrc"],
  ["C:\\ws\\.vscode\\tasks.json", ".vscode"],
  ["C:\\ws\\Desktop.INI", "desktop.ini"],
  ["C:\\ws\\sub\\autorun.inf", "autorun.inf"],
  ["C:\\ws\\Profile.ps1", "profile.ps1"],
  ["C:\\ws\\a.LNK", "a.lnk"],
  ["C:\\ws\\a.url", "a.url"],
  ["C:\\ws\\a.library-ms", "a.library-ms"],
  ["C:\\ws\\git\\config", undefined],
  ["C:\\ws\\.git\\HEAD", undefined],
  ["C:\\ws\\a.urls", undefined],
  ["C:\\ws\\desktop.ini.txt", undefined],
];
for (const [path, name] of WINDOWS) {
  Deno.test(`protectedNameIn() says ${name} to ${JSON.stringify(path)} on windows`, () => {
    assert.equal(protectedNameIn(path, ["C:\\ws"], "windows"), name);
  });
}

Deno.test("protectedNameIn() lets pass on windows what a grant itself names", () => {
  assert.equal(protectedNameIn("C:\\x\\desktop.ini", ["C:\\x\\desktop.ini"], "windows"), undefined);
  const roots = ["C:\\ws\\.git\\hooks"];
  assert.equal(protectedNameIn("C:\\ws\\.git\\hooks\\x", roots, "windows"), undefined);
});
