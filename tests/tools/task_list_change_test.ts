import { strict as assert } from "node:assert";
import * as z from "zod";
import { agentEventSchema } from "../../src/core/event.ts";
import { applyTasks, type TaskFacts } from "../../src/tools/task_list_change.ts";
import { given, item, listOf } from "./given.ts";

const NOW = "2026-06-18T10:00:00Z";
const FACTS: TaskFacts = { sessionId: "session-1", timestamp: NOW, rounds: 3, toolCalls: 7 };

/** As it is written: without what is undefined. */
function written(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("applyTasks() makes the first list", () => {
  const { list, events, held } = applyTasks(undefined, [
    given("Look", { activeForm: "Looking", phase: "planning", priority: "high" }),
    given("Mend", { status: "blocked", dependsOn: ["task_1"], completionCriteria: ["it works"] }),
  ], FACTS);
  const made = {
    session_id: "session-1",
    title: "Tasks",
    items: [
      {
        ...item("task_1", "Look"),
        active_form: "Looking",
        phase: "planning",
        priority: "high",
      },
      {
        ...item("task_2", "Mend"),
        status: "blocked",
        depends_on: ["task_1"],
        completion_criteria: ["it works"],
      },
    ],
    created_at: NOW,
    updated_at: NOW,
  };
  assert.deepEqual(written(list), made);
  assert.deepEqual(written(events), [{ type: "task_list_updated", task_list: made }]);
  assert.deepEqual(held, []);
});

Deno.test("applyTasks() keeps of a task that goes on what is left unsaid, and notes its changes", () => {
  const evidence = [{ kind: "note", summary: "seen" }] as const;
  const first = {
    from_status: "pending",
    to_status: "in_progress",
    changed_at: "2026-06-18T09:10:00Z",
  } as const;
  const before = listOf(
    item("task_1", "Look", {
      status: "in_progress",
      notes: "deep",
      active_form: "Looking",
      phase: "planning",
      priority: "low",
      completion_criteria: ["seen"],
      evidence,
      blockers: [{ kind: "external", summary: "no access" }],
      transitions: [first],
    }),
    item("task_2", "Mend", { active_form: "Mending" }),
    item("task_3", "Ask"),
  );
  const { list } = applyTasks(before, [
    given("Look", { status: "completed", criteriaMet: ["Seen "] }),
    given("Repair", { id: "task_2" }),
  ], FACTS);
  assert.deepEqual(written(list), {
    ...before,
    items: [
      {
        ...item("task_1", "Look"),
        status: "completed",
        notes: "deep",
        active_form: "Looking",
        phase: "planning",
        priority: "low",
        completion_criteria: ["seen"],
        evidence,
        transitions: [first, {
          from_status: "in_progress",
          to_status: "completed",
          changed_at: NOW,
        }],
      },
      item("task_2", "Repair"),
    ],
    updated_at: NOW,
  });
});

Deno.test("applyTasks() completes a task only when its criteria are met", () => {
  const before = listOf(
    item("task_1", "Look", { completion_criteria: ["seen", "told"] }),
    item("task_2", "Mend", { status: "completed", completion_criteria: ["works"] }),
    item("task_3", "Test", { status: "completed", completion_criteria: ["passes"] }),
  );
  const done = { status: "completed" } as const;
  const { list, held, events } = applyTasks(before, [
    given("Look", { ...done, criteriaMet: ["told"] }),
    given("Mend", done),
    given("Test", { ...done, completionCriteria: ["passes", "twice"] }),
    given("Ship", { ...done, completionCriteria: ["tagged"], criteriaMet: ["tagged"] }),
  ], FACTS);
  assert.deepEqual(list.items.map(({ id, status }) => [id, status]), [
    ["task_1", "in_progress"],
    ["task_2", "completed"],
    ["task_3", "in_progress"],
    ["task_4", "completed"],
  ]);
  assert.deepEqual(held, [
    { id: "task_1", unmet: ["seen"] },
    { id: "task_3", unmet: ["twice"] },
  ]);
  assert.deepEqual(events.map(({ type }) => type), ["task_list_updated"]);
});

Deno.test("applyTasks() tells once that all are completed", () => {
  const all = [given("Look", { status: "completed" }), given("Mend", { status: "completed" })];
  const first = applyTasks(listOf(item("task_1", "Look")), all, FACTS);
  assert.deepEqual(first.events.at(-1), {
    type: "task_list_completed",
    session_id: "session-0",
    completed_at: NOW,
    total_rounds: 3,
    total_tool_calls: 7,
  });
  const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);
  assert.deepEqual(types(first.events), ["task_list_updated", "task_list_completed"]);
  assert.deepEqual(types(applyTasks(first.list, all, FACTS).events), ["task_list_updated"]);
  assert.deepEqual(types(applyTasks(first.list, [], FACTS).events), ["task_list_updated"]);
  for (const event of first.events) {
    const read = z.safeParse(agentEventSchema, written(event));
    assert.deepEqual(read.data, written(event));
  }
});

Deno.test("applyTasks() keeps the newest changes of a task", () => {
  let list = listOf(item("task_1", "Look"));
  for (let turn = 0; turn < 60; turn++) {
    const status = turn % 2 === 0 ? "in_progress" : "pending";
    const facts = { ...FACTS, timestamp: `2026-06-18T10:00:${String(turn).padStart(2, "0")}Z` };
    list = applyTasks(list, [given("Look", { status })], facts).list;
  }
  const { transitions = [] } = list.items[0] ?? {};
  assert.equal(transitions.length, 50);
  assert.equal(transitions[0]?.changed_at, "2026-06-18T10:00:10Z");
});
