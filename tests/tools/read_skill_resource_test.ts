import { strict as assert } from "node:assert";
import { mkdirSync, truncateSync } from "node:fs";
import { readSkillResourceTool } from "../../src/tools/read_skill_resource.ts";
import { FakeSkills } from "./fake_skills.ts";
import { ToolWorld } from "./tool_world.ts";

const HEADER = {
  id: "pdf",
  name: "pdf",
  description: "Reads PDFs.",
  license: undefined,
  compatibility: undefined,
  allowedTools: [],
};

/** A loaded skill in `skill/` of the workspace; files outside of it can be read as well. */
async function worldWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<ToolWorld> {
  const folder = { path: "" };
  const skills = new FakeSkills({
    header: HEADER,
    instructions: "",
    get folder() {
      return folder.path;
    },
    resources: [],
    isPartial: false,
  });
  const world = new ToolWorld(files, { skills });
  folder.path = world.path("skill");
  await skills.load("pdf");
  return world;
}

async function read(
  world: ToolWorld,
  resource_path: string,
  more: Readonly<Record<string, number>> = {},
): Promise<unknown> {
  const args = { skill_id: "pdf", resource_path, ...more };
  return JSON.parse(await world.text(readSkillResourceTool, args));
}

Deno.test("read_skill_resource shows lines, and says how to go on", async () => {
  await using world = await worldWith({ "skill/docs/a.md": "one\ntwo\r\nthree\nfour\n" });
  const about = { skill_id: "pdf", resource_path: "docs/a.md", size_bytes: 20, total_lines: 4 };
  assert.deepEqual(await read(world, "./docs//a.md", { offset: 2, limit: 2 }), {
    ...about,
    offset: 2,
    limit: 2,
    returned_lines: 2,
    has_more: true,
    next_offset: 4,
    truncated: false,
    content: "two\nthree",
  });
  assert.deepEqual(await read(world, "docs/a.md", { offset: 0 }), {
    ...about,
    offset: 1,
    limit: 2000,
    returned_lines: 4,
    has_more: false,
    next_offset: null,
    truncated: false,
    content: "one\ntwo\nthree\nfour",
  });
});

Deno.test("read_skill_resource cuts at 50,000 bytes, at a line where there are several", async () => {
  const line = "x".repeat(30_000);
  await using world = await worldWith({
    "skill/lines.txt": `${line}\n${line}\nend\n`,
    "skill/one.txt": "y".repeat(60_000),
  });
  const about = { skill_id: "pdf", limit: 2000, truncated: true };
  assert.deepEqual(await read(world, "lines.txt"), {
    ...about,
    resource_path: "lines.txt",
    size_bytes: 60_006,
    offset: 1,
    returned_lines: 1,
    total_lines: 3,
    has_more: true,
    next_offset: 2,
    content: line,
  });
  assert.deepEqual(await read(world, "one.txt"), {
    ...about,
    resource_path: "one.txt",
    size_bytes: 60_000,
    offset: 1,
    returned_lines: 1,
    total_lines: 1,
    has_more: false,
    next_offset: null,
    content: "y".repeat(50_000),
  });
});

Deno.test("read_skill_resource tells of a binary file, and shows an empty one", async () => {
  await using world = await worldWith({
    "skill/a.png": new Uint8Array([0x89, 0x50, 0, 1]),
    "skill/empty": "",
  });
  assert.deepEqual(await read(world, "a.png"), {
    skill_id: "pdf",
    resource_path: "a.png",
    size_bytes: 4,
    binary: true,
    message: `It is a binary file of 4 bytes: "${world.path("skill/a.png")}"`,
  });
  assert.deepEqual(await read(world, "empty"), {
    skill_id: "pdf",
    resource_path: "empty",
    size_bytes: 0,
    offset: 1,
    limit: 2000,
    returned_lines: 0,
    total_lines: 0,
    has_more: false,
    next_offset: null,
    truncated: false,
    content: "",
  });
});

Deno.test("read_skill_resource leaves no skill folder", async (t) => {
  await using world = await worldWith({
    "secret.txt": "secret",
    "skill-2/secret.txt": "secret",
    "skill/SKILL.md": "---",
    "skill/a.md": "a",
    "../outside.txt": "outside",
  });
  world.link("skill/near.md", "a.md");
  world.link("skill/out.md", "../secret.txt");
  world.link("skill/folder", "..");
  world.link("skill/far.md", "../../outside.txt");
  world.link("skill/round", "round");
  mkdirSync(world.path("skill/sub"));
  const relative = "bad_input: resource_path: expected a path relative to the skill's folder";
  const dots = "bad_input: resource_path: expected a file in the skill's folder, without ..";
  const file = "bad_input: resource_path: expected another file than SKILL.md, see load_skill";
  const out = (path: string) =>
    `refused: Cannot read "${path}": it leads out of the skill's folder`;
  const cases: [string, string | RegExp][] = [
    ["/etc/passwd", relative],
    [world.path("secret.txt"), relative],
    ["../secret.txt", dots],
    ["sub/../../secret.txt", dots],
    ["sub/../a.md", dots],
    ["..", dots],
    [".", dots],
    ["./SKILL.md", file],
    ["out.md", out("out.md")],
    ["folder/secret.txt", out("folder/secret.txt")],
    ["folder/skill-2/secret.txt", out("folder/skill-2/secret.txt")],
    ["far.md", /outside the granted folders/],
    ["round", /its symlinks lead in a circle$/],
    ["sub", /it is a folder, expected a regular file$/],
    ["none.md", /no such file or folder$/],
    ["..\\secret.txt", /no such file or folder$/],
    ["%2e%2e/secret.txt", /no such file or folder$/],
  ];
  for (const [resource_path, expected] of cases) {
    await t.step(resource_path, async () => {
      const line = await world.refusal(readSkillResourceTool, { skill_id: "pdf", resource_path });
      if (typeof expected === "string") assert.equal(line, expected);
      else assert.match(line, expected);
    });
  }
  await t.step("but a link inside of it is read", async () => {
    const report = JSON.stringify(await read(world, "near.md"));
    assert.match(report, /"content":"a"/);
  });
});

Deno.test("read_skill_resource looks at 32 MiB of a file at most", async () => {
  await using world = await worldWith({ "skill/huge.txt": "one\n" });
  truncateSync(world.path("skill/huge.txt"), 6 * 1024 ** 3);
  const report = JSON.stringify(await read(world, "huge.txt"));
  assert.match(report, /"binary":true/);
});
