import { strict as assert } from "node:assert";
import type { GivenTask } from "../../src/tools/given_task.ts";
import { linksOf } from "../../src/tools/task_links.ts";
import { matchTasks } from "../../src/tools/task_match.ts";
import { given, item } from "./given.ts";

const LIST = [
  item("task_1", "Look"),
  item("task_2", "Mend", { depends_on: ["task_1", "gone"], parent_id: "task_1" }),
];

/** What each task depends on, and its parent. */
function links(tasks: readonly GivenTask[], items = LIST): unknown[] {
  return [...linksOf(matchTasks(tasks, items))].map(([id, { dependsOn, parentId }]) => [
    id,
    dependsOn.join(),
    parentId,
  ]);
}

Deno.test("linksOf() keeps what is left unsaid, but no link to what is gone", () => {
  assert.deepEqual(links([given("Look"), given("Mend")]), [
    ["task_1", "", undefined],
    ["task_2", "task_1", "task_1"],
  ]);
  assert.deepEqual(links([given("Mend")]), [["task_2", "", undefined]]);
});

Deno.test("linksOf() reads links, to tasks that come later and by the model's own names too", () => {
  const tasks = [
    given("Look", { id: "a", dependsOn: ["b", "task_3", "b"] }),
    given("Mend", { id: "b", dependsOn: [], parentId: "" }),
    given("Test", { id: "c", parentId: "a" }),
    given("Ask", { id: "task_3" }),
  ];
  assert.deepEqual(links(tasks), [
    ["task_1", "task_2,task_3", undefined],
    ["task_2", "", undefined],
    ["c", "", "task_1"],
    ["task_3", "", undefined],
  ]);
});

Deno.test("linksOf() refuses links to nothing and links in a circle", () => {
  const table: readonly (readonly [tasks: GivenTask[], message: string])[] = [
    [
      [given("A", { dependsOn: ["x"] })],
      'tasks.0.dependsOn: no task "x" is on the list',
    ],
    [
      [given("A"), given("B", { parentId: "__proto__" })],
      'tasks.1.parentId: no task "__proto__" is on the list',
    ],
    [
      [given("A", { dependsOn: ["task_1"] })],
      "tasks.0.dependsOn: leads back to the task itself",
    ],
    [
      [given("A", { id: "a", parentId: "b" }), given("B", { id: "b", parentId: "a" })],
      "tasks.0.parentId: leads back to the task itself",
    ],
    [
      [
        given("A", { id: "a" }),
        given("B", { id: "b", dependsOn: ["a", "d"] }),
        given("C", { id: "c", dependsOn: ["b"] }),
        given("D", { id: "d", dependsOn: ["c"] }),
      ],
      "tasks.1.dependsOn: leads back to the task itself",
    ],
  ];
  for (const [tasks, message] of table) {
    assert.throws(() => links(tasks, []), { fault: "bad_input", message });
  }
});

Deno.test("linksOf() lets a task wait for its own parts", () => {
  const tasks = [given("A", { id: "a", dependsOn: ["b"] }), given("B", { id: "b", parentId: "a" })];
  assert.deepEqual(links(tasks, []), [["a", "b", undefined], ["b", "", "a"]]);
});
