import { strict as assert } from "node:assert";
import { callElsewhere } from "./elsewhere.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("tools work where only the roots are permitted, and refuse the rest with a lesson", async () => {
  await using place = new ToolWorld({
    "a.txt": "alpha\n",
    "../granted/g.txt": "gamma\n",
    "../outside/secret": "secret",
  });
  place.link("out", "../outside/secret");
  place.link("out_folder", "../outside");
  const { roots } = place.world;
  const readable = [roots.workspace, ...roots.read].join(",");
  const flags = [`--allow-read=${readable}`, `--allow-write=${roots.workspace}`];
  const answers = await callElsewhere(flags, {
    roots,
    calls: [
      ["Read", { file_path: "a.txt" }],
      ["Edit", { file_path: "a.txt", old_string: "alpha", new_string: "beta" }],
      ["Write", { file_path: "new/b.txt", content: "b" }],
      ["Read", { file_path: "../granted/g.txt" }],
      ["Glob", { pattern: "**/*" }],
      ["Grep", { pattern: "beta", path: ".", output_mode: "content" }],
      ["Workspace", { path: "new" }],
      ["GetFileInfo", { path: "b.txt" }],
    ],
  });
  assert.deepEqual([answers[0], answers[3]], ["     1\talpha", "     1\tgamma"]);
  assert.equal(JSON.parse(answers[1] ?? "").replacements, 1);
  assert.equal(JSON.parse(answers[2] ?? "").operation, "create");
  assert.deepEqual(answers[4]?.split("\n").toSorted(), [
    place.path("a.txt"),
    place.path("new/b.txt"),
  ]);
  assert.equal(answers[5], `${place.path("a.txt")}:1:beta`);
  assert.equal(JSON.parse(answers[6] ?? "").workspace, place.path("new"));
  assert.equal(JSON.parse(answers[7] ?? "").exists, true);
  const refused = await callElsewhere(flags, {
    roots,
    calls: [
      ["Read", { file_path: "/etc/passwd" }],
      ["Read", { file_path: "out" }],
      ["Read", { file_path: "out_folder/secret" }],
      ["Write", { file_path: "out_folder/secret", content: "" }],
      ["Write", { file_path: "../granted/x", content: "" }],
      ["Glob", { pattern: "*", path: "out_folder" }],
      ["Grep", { pattern: "s", path: "out" }],
      ["Workspace", { path: "out_folder" }],
      ["GetFileInfo", { path: "out" }],
    ],
  });
  for (const line of refused) assert.match(line, /^(refused: )?Cannot (read|write) "/);
});

Deno.test("tools turn a permission that is missing into the same lesson", async () => {
  await using place = new ToolWorld({ "sub/a.txt": "", "../granted/g.txt": "" });
  const { roots } = place.world;
  const flags = [`--allow-read=${place.path("sub")}`];
  const calls = [
    ["Read", { file_path: "../granted/g.txt" }],
    ["Write", { file_path: "sub/b.txt", content: "" }],
    ["Glob", { pattern: "*", path: "../granted" }],
    ["Grep", { pattern: "x", path: "../granted" }],
  ] as const;
  const lines = await callElsewhere(flags, { roots, calls });
  assert.deepEqual(lines.map((line) => line.slice(0, 14)), [
    "refused: Canno",
    "refused: Canno",
    "refused: Canno",
    "refused: Canno",
  ]);
  for (const line of lines) {
    assert.match(line, /grant it with capabilities\.sandbox\.(read|write) \["/);
  }
});
