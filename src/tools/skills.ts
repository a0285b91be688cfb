// The skills of a session as their tools see them. The shelf of skills/ is one.

/** What makes a folder a skill. */
export const SKILL_FILE = "SKILL.md";

export interface Skills {
  /**
   * Reads a skill anew; from then on it counts as loaded.
   * @throws WorkerError `refused` if there is none of that id, or it cannot be read any more.
   */
  load(id: string, signal: AbortSignal): Promise<LoadedSkill>;
  /**
   * The real path of a loaded skill's folder.
   * @throws WorkerError `refused` if there is none of that id, or it was not loaded.
   */
  folderOf(id: string): string;
}

export type LoadedSkill = {
  readonly header: SkillHeader;
  /** Markdown. */
  readonly instructions: string;
  /** Real path. */
  readonly folder: string;
  /** Paths below the folder, in order, without its SKILL.md. */
  readonly resources: readonly string[];
  /** Whether there are more than these. */
  readonly isPartial: boolean;
};

/** What a SKILL.md says of itself. */
export type SkillHeader = {
  /** As its folder is called: lower-case letters, digits and hyphens. */
  readonly id: string;
  /** The id, maybe with a namespace: `docs:pdf`. */
  readonly name: string;
  readonly description: string;
  readonly license: string | undefined;
  readonly compatibility: string | undefined;
  /** Advice of its author; it allows nothing. */
  readonly allowedTools: readonly string[];
};
