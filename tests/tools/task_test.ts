import { strict as assert } from "node:assert";
import { taskTool } from "../../src/tools/task.ts";
import { ToolDesk } from "./desk.ts";

Deno.test("Task writes the session's list and tells of it", async () => {
  await using desk = new ToolDesk();
  const outcome = await desk.call(taskTool, {
    tasks: [
      { content: "Look", status: "completed", activeForm: null },
      { content: "Mend", status: "in_progress", dependsOn: ["task_1"] },
    ],
  });
  assert.deepEqual(outcome, {
    result: {
      success: true,
      result: "Task list updated with 2 items",
      display_preference: "Default",
    },
    events: [{ type: "task_list_updated", task_list: desk.tasks }],
  });
  assert.deepEqual(desk.tasks?.items.map(({ id, status }) => `${id} ${status}`), [
    "task_1 completed",
    "task_2 in_progress",
  ]);
});

Deno.test("Task tells the end of a list with the run's counts, and which tasks it held back", async () => {
  await using desk = new ToolDesk();
  const look = { content: "Look", status: "completed", completionCriteria: ["seen"] };
  assert.equal(
    await desk.text(taskTool, { tasks: [look] }),
    'Task list updated with 1 items\ntask_1 stays in_progress: criteriaMet lacks "seen"',
  );
  const { events } = await desk.call(taskTool, { tasks: [{ ...look, criteriaMet: ["seen"] }] });
  assert.deepEqual(events?.at(-1), {
    type: "task_list_completed",
    session_id: "session-1",
    completed_at: "2026-06-18T10:00:00Z",
    total_rounds: 3,
    total_tool_calls: 7,
  });
});

Deno.test("Task leaves the list as it was when it cannot be read", async () => {
  await using desk = new ToolDesk();
  await desk.text(taskTool, { tasks: [{ content: "Look", status: "pending" }] });
  const before = desk.tasks;
  const circle = [{ content: "Look", status: "pending", dependsOn: ["task_1"] }];
  assert.equal(
    await desk.refusal(taskTool, { tasks: circle }),
    "bad_input: tasks.0.dependsOn: leads back to the task itself",
  );
  assert.equal(desk.tasks, before);
});

Deno.test("Task.prepare() names the task and the key that is wrong", () => {
  const one = { content: "Look", status: "pending" };
  const statuses = '"pending" or "in_progress" or "completed" or "blocked"';
  const table: readonly (readonly [tasks: unknown, message: string])[] = [
    [undefined, "tasks: expected an array, got nothing"],
    [[3], "tasks.0: expected an object, got 3"],
    [[{ status: "pending" }], "tasks.0.content: expected a string, got nothing"],
    [[{ ...one, content: "" }], "tasks.0.content: expected some text, got an empty one"],
    [[one, { ...one, content: " " }], "tasks.1.content: expected some text, got only blanks"],
    [
      [{ ...one, content: "x".repeat(2001) }],
      "tasks.0.content: expected at most 2000 characters, got 2001",
    ],
    [[{ ...one, status: "done" }], `tasks.0.status: expected ${statuses}, got "done"`],
    [[{ ...one, id: "" }], "tasks.0.id: expected some text, got an empty one"],
    [[{ ...one, dependsOn: "task_1" }], 'tasks.0.dependsOn: expected an array, got "task_1"'],
    [Array.from({ length: 201 }, () => one), "tasks: expected at most 200, got 201"],
  ];
  for (const [tasks, message] of table) {
    assert.throws(() => taskTool.prepare({ tasks }), { fault: "bad_input", message });
  }
  assert.deepEqual(taskTool.prepare({ tasks: [one] }), { mutating: false, needs: [] });
});
