// Where skills of a worker may lie, strongest first. Pure.
import { mayBeInside } from "../base/path_inside.ts";
import { namesIn, pathOfEntry } from "../base/path_system.ts";
import { type Roots, rootsFor } from "../tools/roots.ts";

export type SkillRoot = {
  /** Absolute; it need not be there. */
  readonly path: string;
  /** Whether tools of a run may have written what lies there: nobody vouches for it. */
  readonly isOfWorkspace: boolean;
};

export type SkillSettings = {
  /** Real paths of the folders that the spec names, strongest first. */
  readonly folders: readonly string[];
  /** Whether skills that tools may have written count. */
  readonly trustsWorkspace: boolean;
  readonly mode: string | undefined;
  /** Ids or names that do not count. */
  readonly disabled: readonly string[];
  /** Ids or names that alone count; undefined is all. */
  readonly selected: readonly string[] | undefined;
};

export function skillRoots(
  { folders, trustsWorkspace, mode }: Omit<SkillSettings, "disabled" | "selected">,
  roots: Roots,
): readonly SkillRoot[] {
  const { workspace } = roots;
  const writable = rootsFor("write", roots);
  const given = folders.map((path) => ({
    path,
    isOfWorkspace: writable.some((root) => mayBeInside(path, root) || mayBeInside(root, path)),
  }));
  if (!trustsWorkspace) return given.filter(({ isOfWorkspace }) => !isOfWorkspace);
  const own = [
    ...(mode === undefined ? [] : [`.bamboo/skills-${mode}`]),
    ".bamboo/skills",
    ".agents/skills",
  ];
  const inWorkspace = own.map((names) => ({
    path: namesIn(names).reduce((folder, name) => pathOfEntry(folder, name), workspace),
    isOfWorkspace: true,
  }));
  return [...inWorkspace, ...given];
}
