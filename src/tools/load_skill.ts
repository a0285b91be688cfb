// load_skill: gives the instructions of a skill, and what else lies in its folder.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { readInput, someText } from "./input.ts";
import type { Skills } from "./skills.ts";
import type { HandsTool } from "./tool.ts";
import type { World } from "./world.ts";

const input = z.looseObject({
  skill_id: someText("The id of one of the listed skills."),
});

export const loadSkillTool: HandsTool = {
  name: "load_skill",
  runs: "hands",
  description:
    `Loads a skill by its id, before work that the skill is for. Returns JSON: its name and \
description, the instructions to work by, the folder it lies in (skill_base_dir) and the files \
there (resource_files), which read_skill_resource shows. allowed_tools is its author's advice: it \
grants nothing.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readInput(input, raw);
    return { mutating: false, needs: [] };
  },
  async perform(raw, world, signal) {
    const { skill_id } = readInput(input, raw);
    signal.throwIfAborted();
    const skill = await skillsOf(world).load(skill_id, signal);
    const { header, instructions, folder, resources, isPartial } = skill;
    const result = JSON.stringify({
      skill_id: header.id,
      name: header.name,
      description: header.description,
      license: header.license ?? null,
      compatibility: header.compatibility ?? null,
      allowed_tools: header.allowedTools,
      instructions,
      skill_base_dir: folder,
      resource_files: resources,
      ...(isPartial && { more_resource_files: true }),
    });
    return { success: true, result, display_preference: "json" };
  },
};

/** @throws WorkerError `refused` where the session has none. */
export function skillsOf({ skills }: Pick<World, "skills">): Skills {
  if (skills) return skills;
  throw new WorkerError("refused", "Cannot use skills: this session has none");
}
