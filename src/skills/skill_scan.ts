// The skills below one root: found by a bounded walk, read, and what is wrong with the others.
import { lstatSync } from "node:fs";
import { basename } from "node:path";
import type { Clock } from "../base/clock.ts";
import { pathOfEntry } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import { findPath } from "../tools/found_path.ts";
import { Pace } from "../tools/pace.ts";
import { RegularFile } from "../tools/regular_file.ts";
import type { Roots } from "../tools/roots.ts";
import { SKILL_FILE, type SkillHeader } from "../tools/skills.ts";
import { parseSkillFile, type SkillFile } from "./skill_file.ts";
import type { SkillRoot } from "./skill_roots.ts";
import { SkillWalk } from "./skill_walk.ts";

/** As JSON it may become a few times as long, and what is too long for a tool's result is cut. */
const MAX_FILE_BYTES = 64 * 1024;
const MAX_SKILLS = 200;
const MAX_MS = 2000;

export type FoundSkill = {
  readonly header: SkillHeader;
  /** Real path. */
  readonly folder: string;
  readonly isOfWorkspace: boolean;
};

/** Something that does not count, and why, in one line. */
export type SkillWarning = { readonly path: string; readonly why: string };

export type Scan = {
  readonly skills: readonly FoundSkill[];
  readonly warnings: readonly SkillWarning[];
};

export type ScanOptions = {
  readonly roots: Roots;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/** In order of paths. A root that is not there has none. Rejects with the abort reason. */
export async function scanRoot(root: SkillRoot, options: ScanOptions): Promise<Scan> {
  const { roots, clock, signal } = options;
  const { path, isOfWorkspace } = root;
  const flaw = await flawOfRoot(path, roots);
  if (flaw) return { skills: [], warnings: flaw };
  const pace = new Pace({ clock, signal, maxMs: MAX_MS });
  const { folders, warnings, ...found } = await findFolders(path, pace);
  let { isPartial } = found;
  const skills: FoundSkill[] = [];
  for (const folder of folders) {
    await pace.rest();
    if (pace.isOver) {
      isPartial = true;
      break;
    }
    const file = await readSkill(folder, roots, signal);
    if (file.type === "skill") skills.push({ header: file.header, folder, isOfWorkspace });
    else warnings.push({ path: pathOfEntry(folder, SKILL_FILE), why: file.why });
  }
  if (isPartial) warnings.push({ path, why: "too much to look through, some of it was left out" });
  return { skills, warnings };
}

/** Never rejects but with the abort reason: a file that cannot be read is a bad one. */
export async function readSkill(
  folder: string,
  roots: Roots,
  signal: AbortSignal,
): Promise<SkillFile> {
  const path = pathOfEntry(folder, SKILL_FILE);
  try {
    const found = await findPath(path, roots);
    if (!found) return { type: "bad", why: "no such file" };
    if (found.path !== path) return { type: "bad", why: "it is reached by a link" };
    if (found.info.size > MAX_FILE_BYTES) {
      return {
        type: "bad",
        why: `file is ${found.info.size} bytes, expected at most ${MAX_FILE_BYTES}`,
      };
    }
    await using file = await RegularFile.open(found, roots);
    return parseSkillFile(await file.bytes(MAX_FILE_BYTES, signal), basename(folder));
  } catch (thrown) {
    if (thrown instanceof WorkerError) return { type: "bad", why: thrown.message };
    throw thrown;
  }
}

/** Undefined where it can be looked through; without warnings where nothing is there. */
async function flawOfRoot(path: string, roots: Roots): Promise<SkillWarning[] | undefined> {
  try {
    const found = await findPath(path, roots);
    if (!found) return [];
    if (found.path !== path) return [{ path, why: "it is reached by a link, expected a folder" }];
    return found.info.isDirectory() ? undefined : [{ path, why: "expected a folder" }];
  } catch (thrown) {
    if (thrown instanceof WorkerError) return [{ path, why: thrown.message }];
    throw thrown;
  }
}

/** A skill's own folders are resources, and are not looked through. */
async function findFolders(root: string, pace: Pace) {
  const walk = new SkillWalk(root, pace);
  const folders: string[] = [];
  const warnings: SkillWarning[] = [];
  const enters = (path: string) => {
    if (folders.length >= MAX_SKILLS || !isSkill(path)) return folders.length < MAX_SKILLS;
    folders.push(path);
    return false;
  };
  for await (const { path, links } of walk.folders(enters)) {
    const why = "it is a link, expected a folder";
    warnings.push(...links.map((name) => ({ path: pathOfEntry(path, name), why })));
  }
  return { folders, warnings, isPartial: walk.isPartial || folders.length >= MAX_SKILLS };
}

function isSkill(folder: string): boolean {
  try {
    return lstatSync(pathOfEntry(folder, SKILL_FILE), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // not ours to look into
  }
}
