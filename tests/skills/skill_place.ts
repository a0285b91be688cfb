// Skills on disk for a test, and what a shelf makes of them.
import { systemClock } from "../../src/base/clock.ts";
import type { SkillSettings } from "../../src/skills/skill_roots.ts";
import { type SkillListing, SkillShelf } from "../../src/skills/skill_shelf.ts";
import { ToolWorld } from "../tools/tool_world.ts";

const NEVER = new AbortController().signal;

/** The folder that a spec would name is `../granted`. */
export class SkillPlace extends ToolWorld {
  shelf(settings: Partial<SkillSettings> = {}): Promise<SkillShelf> {
    const usual = {
      folders: [this.path("../granted")],
      trustsWorkspace: false,
      mode: undefined,
      disabled: [],
      selected: undefined,
    };
    const { roots } = this.world;
    return SkillShelf.open({ ...usual, ...settings }, { roots, clock: systemClock }, NEVER);
  }

  /** `id description`, with a star where it is of the workspace; warnings as `path: why`. */
  async told(settings: Partial<SkillSettings> = {}): Promise<readonly string[][]> {
    return this.short((await this.shelf(settings)).listing);
  }

  short({ skills, warnings }: SkillListing): readonly string[][] {
    const top = this.path("..");
    return [
      skills.map(({ id, description, isOfWorkspace }) =>
        `${id}${isOfWorkspace ? "*" : ""} ${description}`
      ),
      warnings.map(({ path, why }) => `${path}: ${why}`.replaceAll(`${top}/`, "")),
    ];
  }
}

/** A file's text: the description tells one skill from another of the same id. */
export function described(id: string, description: string): string {
  return `---\nname: ${id}\ndescription: ${description}\n---\nDo ${description}.\n`;
}
