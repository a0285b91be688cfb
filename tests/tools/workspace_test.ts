import { strict as assert } from "node:assert";
import { readTool } from "../../src/tools/read.ts";
import { workspaceTool } from "../../src/tools/workspace.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("Workspace tells the current folder", async () => {
  await using place = new ToolWorld();
  const told = { success: true, result: place.path("."), display_preference: null };
  assert.deepEqual(await place.call(workspaceTool, {}), told);
});

Deno.test("Workspace moves the session, and relative paths with it", async () => {
  await using place = new ToolWorld({ "sub/deep/a.txt": "here", "../granted/g.txt": "there" });
  place.link("way", "sub/deep");
  const steps: readonly (readonly [path: string, folder: string])[] = [
    ["sub", "sub"],
    ["deep", "sub/deep"],
    ["../..", "."],
    ["way", "sub/deep"],
    [place.path("../granted"), "../granted"],
  ];
  for (const [path, folder] of steps) {
    const { result, ...rest } = await place.call(workspaceTool, { path });
    assert.deepEqual(rest, { success: true, display_preference: "json" });
    const workspace = place.path(folder);
    assert.deepEqual(JSON.parse(result), { session_id: "session-1", workspace });
    assert.equal(await place.text(workspaceTool, {}), workspace);
  }
  assert.equal(await place.text(readTool, { file_path: "g.txt" }), "     1\tthere");
});

Deno.test("Workspace stays where it is when the folder will not do", async () => {
  await using place = new ToolWorld({ "a.txt": "", "../outside/x": "" });
  place.link("out", "../outside");
  const table: readonly (readonly [path: string, line: RegExp])[] = [
    ["a.txt", /^Cannot search ".*a\.txt": it is not a folder$/],
    ["none", /^Cannot read ".*none": no such file or folder$/],
    ["..", /outside the granted folders/],
    ["out", /it leads to ".*outside", outside the granted folders/],
    ["/", /outside the granted folders/],
  ];
  for (const [path, line] of table) {
    const { success, result, display_preference } = await place.call(workspaceTool, { path });
    assert.deepEqual([success, display_preference], [false, "error"]);
    assert.match(result, line);
  }
  assert.equal(await place.text(workspaceTool, {}), place.path("."));
});

Deno.test("Workspace.prepare() tells a question from a move", () => {
  assert.deepEqual(workspaceTool.prepare({}), { mutating: false, needs: [] });
  assert.deepEqual(workspaceTool.prepare({ path: null }), { mutating: false, needs: [] });
  assert.deepEqual(workspaceTool.prepare({ path: "x" }), { mutating: true, needs: [] });
});
