// One skill in a folder of a test, without a look for more.
import { WorkerError } from "../../src/core/errors.ts";
import type { LoadedSkill, Skills } from "../../src/tools/skills.ts";

export class FakeSkills implements Skills {
  readonly #skill: LoadedSkill;
  #isLoaded = false;

  constructor(skill: LoadedSkill) {
    this.#skill = skill;
  }

  load(id: string): Promise<LoadedSkill> {
    if (id !== this.#skill.header.id) return Promise.reject(new WorkerError("refused", "none"));
    this.#isLoaded = true;
    return Promise.resolve(this.#skill);
  }

  folderOf(): string {
    if (this.#isLoaded) return this.#skill.folder;
    throw new WorkerError("refused", "not loaded");
  }
}
