// Which item of the list each task of a new list goes on with, and the ids of those that are new.
import type { TaskItem } from "../core/task_list.ts";
import { type GivenTask, idOf } from "./given_task.ts";
import { badInput } from "./input.ts";
import { quoted } from "./path_text.ts";

export type MatchedTask = {
  readonly given: GivenTask;
  /** Undefined for a new task. */
  readonly previous: TaskItem | undefined;
  readonly id: string;
};

/**
 * In the order given. A task goes on with the item of its id, else with one of the same text, else,
 * if it names no id, with the one that stood in its place.
 * @throws WorkerError `bad_input` when that can be read in more than one way.
 */
export function matchTasks(
  given: readonly GivenTask[],
  items: readonly TaskItem[],
): readonly MatchedTask[] {
  demandOwnIds(given);
  const found = new Map<GivenTask, TaskItem>();
  const free = new Set(items);
  const match = (find: (task: GivenTask, index: number) => TaskItem | undefined) => {
    for (const [index, task] of given.entries()) {
      const item = found.has(task) ? undefined : find(task, index);
      if (!item || !free.delete(item)) continue;
      found.set(task, item);
    }
  };
  match((task) => items.find(({ id }) => id === idOf(task)));
  match((task, index) => withSameText(task, { index, items, free }));
  match((task, index) => idOf(task) === undefined ? items[index] : undefined);
  const newIds = unusedIds(given, items);
  return given.map((task) => {
    const previous = found.get(task);
    return { given: task, previous, id: previous?.id ?? idOf(task) ?? newIds() };
  });
}

function demandOwnIds(given: readonly GivenTask[]): void {
  const seen = new Set<string>();
  for (const [index, task] of given.entries()) {
    const id = idOf(task);
    if (id === undefined) continue;
    if (task.taskId !== undefined && task.taskId !== id) {
      throw badInput(`tasks.${index}.taskId`, `expected ${quoted(id)} as in id, or none`);
    }
    if (seen.has(id)) {
      throw badInput(`tasks.${index}.id`, `${quoted(id)} is given twice; give each task its own`);
    }
    seen.add(id);
  }
}

function withSameText(
  { content }: GivenTask,
  { index, items, free }: {
    readonly index: number;
    readonly items: readonly TaskItem[];
    readonly free: ReadonlySet<TaskItem>;
  },
): TaskItem | undefined {
  const same = [...free].filter(({ description }) => textOf(description) === textOf(content));
  if (same.length < 2) return same[0];
  const here = same.find((item) => item === items[index]);
  if (here) return here;
  const ids = same.map(({ id }) => id).join(", ");
  throw badInput(`tasks.${index}`, `several tasks have its text; give its id, one of ${ids}`);
}

function unusedIds(given: readonly GivenTask[], items: readonly TaskItem[]): () => string {
  const ids = [...items.map(({ id }) => id), ...given.map(idOf)];
  const numbers = ids.map((id) => Number(/^task_(\d{1,9})$/.exec(id ?? "")?.[1] ?? 0));
  let last = Math.max(0, ...numbers);
  return () => `task_${++last}`;
}

function textOf(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
