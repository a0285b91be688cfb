// The task list after a call of Task, and what is told about it. Pure.
import type { AgentEvent } from "../core/event.ts";
import type { TaskItem, TaskList } from "../core/task_list.ts";
import type { GivenTask } from "./given_task.ts";
import { linksOf, type TaskLinks } from "./task_links.ts";
import { type MatchedTask, matchTasks } from "./task_match.ts";

export type TaskFacts = {
  readonly sessionId: string;
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  readonly rounds: number;
  readonly toolCalls: number;
};

export type TaskListChange = {
  readonly list: TaskList;
  readonly events: readonly AgentEvent[];
  /** Tasks that were to be completed and are not, with the criteria that are unmet. */
  readonly held: readonly { readonly id: string; readonly unmet: readonly string[] }[];
};

/** More would only push older changes out of what a host keeps. */
const MAX_TRANSITIONS = 50;

/**
 * `given` is the whole new list; what it leaves unsaid of a task that goes on stays as it was.
 * @throws WorkerError `bad_input` when it cannot be read in one way.
 */
export function applyTasks(
  list: TaskList | undefined,
  given: readonly GivenTask[],
  facts: TaskFacts,
): TaskListChange {
  const tasks = matchTasks(given, list?.items ?? []);
  const links = linksOf(tasks);
  const changes = tasks.map((task) => change(task, links.get(task.id), facts.timestamp));
  const after: TaskList = {
    session_id: list?.session_id ?? facts.sessionId,
    title: list?.title ?? "Tasks",
    items: changes.map(({ item }) => item),
    created_at: list?.created_at ?? facts.timestamp,
    updated_at: facts.timestamp,
  };
  const held = changes.flatMap(({ item: { id }, unmet }) =>
    unmet.length > 0 ? [{ id, unmet }] : []
  );
  return { list: after, events: eventsOf(list, after, facts), held };
}

type Change = { readonly item: TaskItem; readonly unmet: readonly string[] };

function change(
  { given, previous, id }: MatchedTask,
  links: TaskLinks | undefined,
  timestamp: string,
): Change {
  const criteria = given.completionCriteria ?? previous?.completion_criteria ?? [];
  const unmet = given.status === "completed" ? unmetOf(criteria, given, previous) : [];
  const status = unmet.length > 0 ? "in_progress" : given.status;
  const isReworded = previous?.description !== given.content;
  const item: TaskItem = {
    id,
    description: given.content,
    status,
    depends_on: links?.dependsOn ?? [],
    notes: previous?.notes ?? "",
    active_form: given.activeForm ?? (isReworded ? undefined : previous?.active_form),
    parent_id: links?.parentId,
    phase: given.phase ?? previous?.phase ?? "execution",
    priority: given.priority ?? previous?.priority ?? "medium",
    completion_criteria: criteria.length > 0 ? criteria : undefined,
    evidence: previous?.evidence,
    blockers: status === "completed" ? undefined : previous?.blockers,
    transitions: transitionsOf(previous, status, timestamp),
  };
  return { item, unmet };
}

/** A task that was completed by the same criteria stays so. */
function unmetOf(
  criteria: readonly string[],
  { criteriaMet = [] }: GivenTask,
  previous: TaskItem | undefined,
): readonly string[] {
  const met = new Set(criteriaMet.map(folded));
  if (previous?.status === "completed") {
    for (const criterion of previous.completion_criteria ?? []) met.add(folded(criterion));
  }
  return criteria.filter((criterion) => !met.has(folded(criterion)));
}

function transitionsOf(
  previous: TaskItem | undefined,
  status: TaskItem["status"],
  timestamp: string,
): TaskItem["transitions"] {
  if (!previous || previous.status === status) return previous?.transitions;
  const { status: from, transitions = [] } = previous;
  const next = { from_status: from, to_status: status, changed_at: timestamp };
  return [...transitions, next].slice(-MAX_TRANSITIONS);
}

function eventsOf(
  before: TaskList | undefined,
  after: TaskList,
  { rounds, toolCalls }: TaskFacts,
): readonly AgentEvent[] {
  const updated: AgentEvent = { type: "task_list_updated", task_list: after };
  if (!isDone(after) || (before && isDone(before))) {
    return [updated];
  }
  return [updated, {
    type: "task_list_completed",
    session_id: after.session_id,
    completed_at: after.updated_at,
    total_rounds: rounds,
    total_tool_calls: toolCalls,
  }];
}

function isDone({ items }: TaskList): boolean {
  return items.length > 0 && items.every(({ status }) => status === "completed");
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
