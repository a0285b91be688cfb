import { strict as assert } from "node:assert";
import { PROTECTED_NAMES, protectedNameIn } from "../../src/tools/protected_names.ts";
import { inRecordOrder, type Scope, scopeOf } from "../../src/tools/protected_scope.ts";

/** What is kept of a path, from a folder of the workspace down. */
function scopeAt(path: string): Scope | undefined {
  return path.split("/").reduce<Scope | undefined>(
    (scope, name) => scope && scopeOf(name, scope),
    "open",
  );
}

Deno.test("scopeOf() keeps every row of the table, under every spelling", () => {
  for (const row of PROTECTED_NAMES) {
    const name = row.join("/");
    for (const path of [name, name.toUpperCase(), name.replace(".", "\u200c.")]) {
      assert.ok(scopeAt(path), path);
      assert.ok(protectedNameIn(`/ws/${path}`, ["/ws"]), path);
    }
  }
});

Deno.test("scopeOf() tells what of a repository is kept", () => {
  const table: readonly (readonly [path: string, scope: Scope | undefined])[] = [
    [".git", "git"],
    [".git/hooks", "whole"],
    [".git/hooks/deep/in/it", "whole"],
    [".git/HEAD", undefined],
    [".git/index", undefined],
    [".git/objects", undefined],
    [".git/modules", "nested"],
    [".git/modules/sub/config", "whole"],
    [".git/modules/a/b/hooks/x", "whole"],
    [".git/modules/sub/objects/00", undefined],
    [".git/worktrees/x/gitdir", "whole"],
    [".git/worktrees/x/commondir", "whole"],
    [".vscode/deep/x", "whole"],
    ["a.txt", undefined],
    [".gitignore", undefined],
    [".env", undefined],
    ["git", undefined],
  ];
  for (const [path, scope] of table) assert.equal(scopeAt(path), scope, path);
});

Deno.test("inRecordOrder() puts last what a command may fill at will", () => {
  assert.deepEqual(inRecordOrder(["modules", "hooks", "worktrees", "config"], "git"), [
    "hooks",
    "config",
    "modules",
    "worktrees",
  ]);
  assert.deepEqual(inRecordOrder([".git", ".mcp.json", ".vscode"], "open"), [
    ".mcp.json",
    ".vscode",
    ".git",
  ]);
  assert.deepEqual(inRecordOrder(["a", "config"], "nested"), ["config", "a"]);
});
