import { strict as assert } from "node:assert";
import type { GivenTask } from "../../src/tools/given_task.ts";
import { matchTasks } from "../../src/tools/task_match.ts";
import { given, item } from "./given.ts";

const LIST = [item("task_1", "Look"), item("task_2", "Mend"), item("task_3", "Test")];
const TWINS = [item("task_1", "Look"), item("task_2", "Look")];

/** Each task's id, and that of the item it goes on with. */
function matched(tasks: readonly GivenTask[], items = LIST): string[] {
  return matchTasks(tasks, items).map(({ id, previous }) => `${id} ${previous?.id ?? "new"}`);
}

Deno.test("matchTasks() goes on by id, then by text, then by place", () => {
  const table: readonly (readonly [name: string, tasks: GivenTask[], ids: string[]])[] = [
    ["the same list", [given("Look"), given("Mend"), given("Test")], [
      "task_1 task_1",
      "task_2 task_2",
      "task_3 task_3",
    ]],
    ["other blanks, another order", [given(" Test"), given("Look\n")], [
      "task_3 task_3",
      "task_1 task_1",
    ]],
    ["one before the others", [given("Ask"), given("Look"), given("Mend"), given("Test")], [
      "task_4 new",
      "task_1 task_1",
      "task_2 task_2",
      "task_3 task_3",
    ]],
    ["one reworded in its place", [given("Look"), given("Repair"), given("Test")], [
      "task_1 task_1",
      "task_2 task_2",
      "task_3 task_3",
    ]],
    ["an id is stronger than a text", [given("Mend", { id: "task_1" }), given("Mend")], [
      "task_1 task_1",
      "task_2 task_2",
    ]],
    ["taskId is an id", [given("Other", { taskId: "task_3" })], ["task_3 task_3"]],
    ["an unknown id yields to the text", [given("Mend", { id: "b" })], ["task_2 task_2"]],
    ["an unknown id is the new one's, whatever its place", [given("Ask", { id: "b" })], ["b new"]],
    ["new ids are beyond all there were", [given("A"), given("B"), given("C"), given("D")], [
      "task_1 task_1",
      "task_2 task_2",
      "task_3 task_3",
      "task_4 new",
    ]],
    [
      "and beyond those that are given",
      [given("Ask", { id: "task_9" }), given("Look"), given("X")],
      [
        "task_9 new",
        "task_1 task_1",
        "task_3 task_3",
      ],
    ],
    ["nothing", [], []],
  ];
  for (const [name, tasks, ids] of table) assert.deepEqual(matched(tasks), ids, name);
});

Deno.test("matchTasks() numbers the tasks of a first list", () => {
  const tasks = [given("A"), given("B", { id: "task_7" }), given("A")];
  assert.deepEqual(matched(tasks, []), ["task_8 new", "task_7 new", "task_9 new"]);
  assert.deepEqual(matched([given("A"), given("B")], []), ["task_1 new", "task_2 new"]);
});

Deno.test("matchTasks() tells tasks of the same text apart by place, or asks for the id", () => {
  assert.deepEqual(matched([given("Look"), given("Look")], TWINS), [
    "task_1 task_1",
    "task_2 task_2",
  ]);
  assert.deepEqual(matched([given("X", { id: "task_1" }), given("Look")], TWINS), [
    "task_1 task_1",
    "task_2 task_2",
  ]);
  assert.throws(
    () => matched([given("A", { id: "a" }), given("B", { id: "b" }), given("Look")], TWINS),
    {
      fault: "bad_input",
      message: "tasks.2: several tasks have its text; give its id, one of task_1, task_2",
    },
  );
});

Deno.test("matchTasks() refuses an id that is given twice, and two for one task", () => {
  const twice = [given("A", { id: "task_1" }), given("B", { taskId: "task_1" })];
  assert.throws(() => matched(twice), {
    fault: "bad_input",
    message: 'tasks.1.id: "task_1" is given twice; give each task its own',
  });
  assert.throws(() => matched([given("A", { id: "task_1", taskId: "task_2" })]), {
    fault: "bad_input",
    message: 'tasks.0.taskId: expected "task_1" as in id, or none',
  });
  assert.deepEqual(matched([given("A", { id: "task_1", taskId: "task_1" })]), ["task_1 task_1"]);
});
