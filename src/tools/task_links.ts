// What the tasks of a list say of each other: which come first, and which is a part of which.
import { badInput } from "./input.ts";
import { quoted } from "./path_text.ts";
import { idOf } from "./given_task.ts";
import type { MatchedTask } from "./task_match.ts";

export type TaskLinks = {
  readonly dependsOn: readonly string[];
  readonly parentId: string | undefined;
};

/**
 * By the id of each task, in ids of this list. What was linked before and is left unsaid stays, but
 * for links to tasks that are no longer there.
 * @throws WorkerError `bad_input` for a link to no task, and for links that lead in a circle.
 */
export function linksOf(tasks: readonly MatchedTask[]): ReadonlyMap<string, TaskLinks> {
  const known = new Map(tasks.map(({ id }) => [id, id]));
  for (const { given, id } of tasks) known.set(idOf(given) ?? id, id);
  const links = new Map(tasks.map((task, index) => [task.id, read(task, index, known)]));
  for (const [index, { id }] of tasks.entries()) {
    const first = (from: string) => links.get(from)?.dependsOn ?? [];
    const parent = (from: string) => [links.get(from)?.parentId ?? []].flat();
    if (leadsBack(id, first)) throw badInput(`tasks.${index}.dependsOn`, CIRCLE);
    if (leadsBack(id, parent)) throw badInput(`tasks.${index}.parentId`, CIRCLE);
  }
  return links;
}

const CIRCLE = "leads back to the task itself";

function read(
  { given, previous }: MatchedTask,
  index: number,
  known: ReadonlyMap<string, string>,
): TaskLinks {
  const resolve = (key: string, name: string): string => {
    const id = known.get(name);
    if (id !== undefined) return id;
    throw badInput(`tasks.${index}.${key}`, `no task ${quoted(name)} is on the list`);
  };
  const isThere = (id: string | undefined) => id !== undefined && known.get(id) === id;
  const { dependsOn, parentId } = given;
  const before = previous?.depends_on.filter(isThere) ?? [];
  const parentBefore = isThere(previous?.parent_id) ? previous?.parent_id : undefined;
  return {
    dependsOn: dependsOn ? [...new Set(dependsOn.map((id) => resolve("dependsOn", id)))] : before,
    parentId: parentId === undefined
      ? parentBefore
      : parentId === ""
      ? undefined
      : resolve("parentId", parentId),
  };
}

function leadsBack(id: string, next: (from: string) => readonly string[]): boolean {
  const seen = new Set<string>();
  const open = [...next(id)];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === id) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...next(at));
  }
  return false;
}
