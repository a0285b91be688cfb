// Tasks and items of a list, made short for tests.
import type { TaskItem, TaskList } from "../../src/core/task_list.ts";
import type { GivenTask } from "../../src/tools/given_task.ts";

export function given(content: string, more: Partial<GivenTask> = {}): GivenTask {
  return { content, status: "pending", ...more };
}

export function item(id: string, description: string, more: Partial<TaskItem> = {}): TaskItem {
  return {
    id,
    description,
    status: "pending",
    depends_on: [],
    notes: "",
    phase: "execution",
    priority: "medium",
    ...more,
  };
}

export function listOf(...items: readonly TaskItem[]): TaskList {
  return {
    session_id: "session-0",
    title: "Plan",
    items,
    created_at: "2026-06-18T09:00:00Z",
    updated_at: "2026-06-18T09:00:00Z",
  };
}
