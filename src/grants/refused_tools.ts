// Tools that cannot be had under these grants, and why. Pure.
import type { Grants } from "./grants.ts";
import { refusedWebTools } from "./web_grant.ts";

/** Tools that start or see programs. */
export const COMMAND_TOOLS: readonly string[] = ["Bash", "BashOutput", "KillShell", "js_repl"];

/** Why each is refused, by the tool's name; disabled tools are another matter. */
export function refusedTools(grants: Grants): Readonly<Record<string, string>> {
  const { commands, web } = grants;
  const refused = {
    ...refusedWebTools(web),
    ...(mayHaveSkills(grants) ? {} : refusedSkillTools(NO_SKILLS)),
  };
  if (commands.type !== "refused") return refused;
  const { why } = commands;
  return { ...refused, ...Object.fromEntries(COMMAND_TOOLS.map((name) => [name, why])) };
}

const SKILL_TOOLS = ["load_skill", "read_skill_resource"] as const;
const NO_SKILLS = "there are no skills here; give some with capabilities.skills_dir, " +
  "or count the workspace's with capabilities.sandbox.trust_workspace";

/** Whether it is worth to look for skills at all. */
export function mayHaveSkills({ places, skills }: Grants): boolean {
  return places.skills.length > 0 || skills.trustsWorkspace;
}

/** The same for both. */
export function refusedSkillTools(why: string): Readonly<Record<string, string>> {
  return Object.fromEntries(SKILL_TOOLS.map((name) => [name, why]));
}
