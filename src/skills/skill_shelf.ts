// The skills of one session: which of those found count, what the model is told of them, and which
// it has loaded.
import { WorkerError } from "../core/errors.ts";
import { Pace } from "../tools/pace.ts";
import { quoted } from "../tools/path_text.ts";
import { type LoadedSkill, SKILL_FILE, type Skills } from "../tools/skills.ts";
import { skillRoots, type SkillSettings } from "./skill_roots.ts";
import {
  type FoundSkill,
  readSkill,
  type Scan,
  type ScanOptions,
  scanRoot,
  type SkillWarning,
} from "./skill_scan.ts";
import { SkillWalk } from "./skill_walk.ts";

const MAX_LISTED = 24;
const MAX_WARNINGS = 20;
const MAX_RESOURCES = 200;
const MAX_MS = 2000;

/** A skill as the model is told of it before it is loaded. */
export type ListedSkill = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly allowedTools: readonly string[];
  readonly isOfWorkspace: boolean;
};

export type SkillListing = {
  /** At most 24, of the strongest roots first. */
  readonly skills: readonly ListedSkill[];
  readonly warnings: readonly SkillWarning[];
};

export type ShelfOptions = Pick<ScanOptions, "roots" | "clock">;

export class SkillShelf implements Skills {
  readonly #options: ShelfOptions;
  readonly #skills: ReadonlyMap<string, FoundSkill>;
  readonly #loaded = new Set<string>();
  readonly listing: SkillListing;

  private constructor(options: ShelfOptions, { skills, warnings }: Scan) {
    this.#options = options;
    this.#skills = new Map(skills.map((skill) => [skill.header.id, skill]));
    this.listing = listingOf(skills, warnings);
  }

  /** Looks through all roots. Rejects with the abort reason. */
  static async open(
    settings: SkillSettings,
    options: ShelfOptions,
    signal: AbortSignal,
  ): Promise<SkillShelf> {
    const scans: Scan[] = [];
    for (const root of skillRoots(settings, options.roots)) {
      scans.push(await scanRoot(root, { ...options, signal }));
    }
    return new SkillShelf(options, choose(scans, settings));
  }

  async load(id: string, signal: AbortSignal): Promise<LoadedSkill> {
    const { roots, clock } = this.#options;
    const { header: { id: own }, folder } = this.#find(id);
    const file = await readSkill(folder, roots, signal);
    if (file.type === "bad") throw refused(id, file.why);
    const walk = new SkillWalk(folder, new Pace({ clock, signal, maxMs: MAX_MS }));
    const resources: string[] = [];
    for await (const { names, files } of walk.folders(() => resources.length <= MAX_RESOURCES)) {
      resources.push(...files.map((name) => [...names, name].join("/")));
    }
    const others = resources.filter((path) => path !== SKILL_FILE);
    this.#loaded.add(own);
    return {
      header: file.header,
      instructions: file.instructions,
      folder,
      resources: others.slice(0, MAX_RESOURCES),
      isPartial: walk.isPartial || others.length > MAX_RESOURCES,
    };
  }

  folderOf(id: string): string {
    const { header, folder } = this.#find(id);
    if (this.#loaded.has(header.id)) return folder;
    throw refused(id, "it is not loaded yet, call load_skill first");
  }

  /** By id, or by the name that has it as its last part. */
  #find(id: string): FoundSkill {
    const skill = this.#skills.get(id.split(":").at(-1) ?? id);
    if (skill && (skill.header.id === id || skill.header.name === id)) return skill;
    const ids = this.listing.skills.map((skill) => skill.id).join(", ");
    throw refused(id, `no such skill, expected one of: ${ids}`);
  }
}

function refused(id: string, why: string): WorkerError {
  return new WorkerError("refused", `Cannot use skill ${quoted(id.slice(0, 200))}: ${why}`);
}

/** Of several with one id that of the strongest root; then those that the settings leave. */
function choose(scans: readonly Scan[], { disabled, selected }: SkillSettings): Scan {
  const warnings = scans.flatMap((scan) => scan.warnings);
  const byId = new Map<string, FoundSkill>();
  for (const { skills } of scans) {
    const own = new Map<string, FoundSkill>();
    for (const skill of skills) {
      const { id } = skill.header;
      const other = own.get(id);
      if (other) {
        warnings.push({ path: skill.folder, why: `${other.folder} has the same id, and counts` });
      } else own.set(id, skill);
    }
    for (const [id, skill] of own) if (!byId.has(id)) byId.set(id, skill);
  }
  const isIn = (names: readonly string[], { header: { id, name } }: FoundSkill) =>
    names.includes(id) || names.includes(name);
  const all = [...byId.values()];
  const missing = (selected ?? []).filter((name) => !all.some((skill) => isIn([name], skill)));
  warnings.push(...missing.map((name) => ({
    path: "capabilities.skills.selected",
    why: `there is no skill ${quoted(name.slice(0, 200))}`,
  })));
  const skills = all.filter((skill) =>
    !isIn(disabled, skill) && (selected === undefined || isIn(selected, skill))
  );
  return { skills, warnings };
}

function listingOf(
  skills: readonly FoundSkill[],
  warnings: readonly SkillWarning[],
): SkillListing {
  const [unlisted] = skills.slice(MAX_LISTED);
  const all = [...warnings];
  if (unlisted) {
    const why = `${MAX_LISTED} of ${skills.length} skills are listed at most; this one and those ` +
      "after it can be loaded by their ids, or listed with capabilities.skills.selected";
    all.unshift({ path: unlisted.folder, why });
  }
  return {
    skills: skills.slice(0, MAX_LISTED).map(({ header, isOfWorkspace }) => {
      const { id, name, description, allowedTools } = header;
      return { id, name, description, allowedTools, isOfWorkspace };
    }),
    warnings: capped(all),
  };
}

function capped(warnings: readonly SkillWarning[]): readonly SkillWarning[] {
  const more = warnings.length - MAX_WARNINGS;
  const [next] = warnings.slice(MAX_WARNINGS);
  if (!next) return warnings;
  return [
    ...warnings.slice(0, MAX_WARNINGS),
    { path: next.path, why: `${next.why}; and ${more - 1} more like this` },
  ];
}
