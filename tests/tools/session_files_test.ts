import { strict as assert } from "node:assert";
import { SessionFiles } from "../../src/tools/session_files.ts";

const STAMP = { device: 1, inode: 2, size: 3, modifiedMs: 4 };

Deno.test("SessionFiles.resolve() starts from the current folder and keeps to text", () => {
  const files = new SessionFiles({ workspace: "/ws", read: [], write: [] });
  assert.equal(files.resolve("a/./b//c/../d"), "/ws/a/b/d");
  assert.equal(files.resolve("/x/../../y"), "/y");
  files.enter("/ws/sub");
  assert.deepEqual([files.folder, files.resolve(".."), files.resolve("x/")], [
    "/ws/sub",
    "/ws",
    "/ws/sub/x",
  ]);
});

Deno.test("SessionFiles.knowledgeOf() tells unread, current and outdated apart", () => {
  const files = new SessionFiles({ workspace: "/ws", read: [], write: [] });
  assert.equal(files.knowledgeOf("/ws/a", STAMP), "unread");
  files.markRead("/ws/a", STAMP);
  assert.equal(files.knowledgeOf("/ws/a", { ...STAMP }), "current");
  assert.equal(files.knowledgeOf("/ws/b", STAMP), "unread");
  for (const key of ["device", "inode", "size", "modifiedMs"] as const) {
    assert.equal(files.knowledgeOf("/ws/a", { ...STAMP, [key]: 9 }), "outdated", key);
  }
});
