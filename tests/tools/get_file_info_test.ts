import { strict as assert } from "node:assert";
import { utimesSync } from "node:fs";
import { getFileInfoTool } from "../../src/tools/get_file_info.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("GetFileInfo tells files, folders and what is missing", async () => {
  await using place = new ToolWorld({ "a.txt": "four", "d/x": "" });
  place.link("l", "a.txt");
  place.link("dangling", "none");
  utimesSync(place.path("a.txt"), 1_700_000_000.9, 1_700_000_000.9);
  const file = {
    exists: true,
    is_file: true,
    is_dir: false,
    size_bytes: 4,
    modified_unix: 1_700_000_000,
  };
  const table: readonly (readonly [path: string, info: Record<string, unknown>])[] = [
    ["a.txt", file],
    ["l", file],
    ["none", { exists: false }],
    ["a.txt/none", { exists: false }],
    ["dangling", { exists: false }],
  ];
  for (const [path, info] of table) {
    const result = await place.call(getFileInfoTool, { path });
    assert.deepEqual({ ...result, result: JSON.parse(result.result) }, {
      success: true,
      result: { path: place.path(path), ...info },
      display_preference: "json",
    });
  }
  const folder = JSON.parse(await place.text(getFileInfoTool, { path: place.path("d") }));
  assert.deepEqual([folder.is_file, folder.is_dir], [false, true]);
});

Deno.test("GetFileInfo fails for what lies outside, there or not", async () => {
  await using place = new ToolWorld({ "../outside/secret": "s" });
  place.link("out", "../outside/secret");
  for (const path of ["../outside/secret", "../outside/none", "/etc/passwd", "out"]) {
    const { success, result, display_preference } = await place.call(getFileInfoTool, { path });
    assert.deepEqual([success, display_preference], [false, "error"]);
    assert.match(result, /^Cannot read ".*outside the granted folders .* or sheath run --read \//);
  }
});
