import { strict as assert } from "node:assert";
import { loadSkillTool } from "../../src/tools/load_skill.ts";
import type { LoadedSkill } from "../../src/tools/skills.ts";
import { FakeSkills } from "./fake_skills.ts";
import { ToolWorld } from "./tool_world.ts";

const SKILL: LoadedSkill = {
  header: {
    id: "pdf",
    name: "docs:pdf",
    description: "Reads PDFs.",
    license: "MIT",
    compatibility: undefined,
    allowedTools: ["Bash"],
  },
  instructions: "# Do\nit",
  folder: "/skills/pdf",
  resources: ["a.md", "scripts/b.py"],
  isPartial: false,
};

const REPORT = {
  skill_id: "pdf",
  name: "docs:pdf",
  description: "Reads PDFs.",
  license: "MIT",
  compatibility: null,
  allowed_tools: ["Bash"],
  instructions: "# Do\nit",
  skill_base_dir: "/skills/pdf",
  resource_files: ["a.md", "scripts/b.py"],
};

Deno.test("load_skill gives what a skill says of itself, and its files", async () => {
  await using world = new ToolWorld({}, { skills: new FakeSkills(SKILL) });
  assert.deepEqual(await world.call(loadSkillTool, { skill_id: "pdf" }), {
    success: true,
    result: JSON.stringify(REPORT),
    display_preference: "json",
  });
});

Deno.test("load_skill says when there are more files than it names", async () => {
  await using world = new ToolWorld({}, { skills: new FakeSkills({ ...SKILL, isPartial: true }) });
  const text = await world.text(loadSkillTool, { skill_id: "pdf" });
  assert.deepEqual(JSON.parse(text), { ...REPORT, more_resource_files: true });
});

Deno.test("load_skill is refused in a session without skills", async () => {
  await using world = new ToolWorld();
  assert.equal(
    await world.refusal(loadSkillTool, { skill_id: "pdf" }),
    "refused: Cannot use skills: this session has none",
  );
});
