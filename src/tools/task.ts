// Task: keeps the list of what is to be done.
import * as z from "zod";
import { atOnce } from "./at_once.ts";
import { type GivenTask, givenTaskSchema } from "./given_task.ts";
import { badInput, readInput } from "./input.ts";
import { applyTasks, type TaskListChange } from "./task_list_change.ts";
import type { AgentTool } from "./tool.ts";

const MAX_TASKS = 200;
const MAX_TEXT = 2000;

const input = z.object({
  tasks: z.array(givenTaskSchema).check(
    z.describe(`The whole list in its order, up to ${MAX_TASKS}; a task that is left out is gone.`),
  ),
});

export const taskTool: AgentTool = {
  name: "Task",
  runs: "agent",
  description:
    `Writes your task list, which the user sees. Use it for work of three steps or more: make the \
list, mark a task in_progress when you begin it and completed as soon as it is done. Give the whole \
list each time. A task keeps its id (task_1, task_2, …), by which others name it, and what you \
leave unsaid of it stays. With completionCriteria a task is completed only when criteriaMet has \
all of them.`,
  input,
  arguments: "strict",
  // The list is the run's own, and is written before anything else can run: a planner may keep one.
  prepare(raw) {
    readTasks(raw);
    return { mutating: false, needs: [] };
  },
  perform(raw, desk, signal) {
    return atOnce(signal, () => {
      const change = applyTasks(desk.tasks, readTasks(raw), {
        sessionId: desk.sessionId,
        timestamp: desk.timestamp(),
        ...desk.counts,
      });
      desk.setTasks(change.list);
      const result = reportOf(change);
      return {
        result: { success: true, result, display_preference: "Default" },
        events: change.events,
      };
    });
  },
};

function readTasks(raw: Readonly<Record<string, unknown>>): readonly GivenTask[] {
  const { tasks } = readInput(input, raw);
  if (tasks.length > MAX_TASKS) {
    throw badInput("tasks", `expected at most ${MAX_TASKS}, got ${tasks.length}`);
  }
  for (const [index, { content }] of tasks.entries()) {
    const key = `tasks.${index}.content`;
    if (content.trim() === "") throw badInput(key, "expected some text, got only blanks");
    if (content.length > MAX_TEXT) {
      throw badInput(key, `expected at most ${MAX_TEXT} characters, got ${content.length}`);
    }
  }
  return tasks;
}

function reportOf({ list, held }: TaskListChange): string {
  const lines = held.map(({ id, unmet }) =>
    `${id} stays in_progress: criteriaMet lacks ${
      unmet.map((one) => JSON.stringify(one)).join(", ")
    }`
  );
  return [`Task list updated with ${list.items.length} items`, ...lines].join("\n");
}
