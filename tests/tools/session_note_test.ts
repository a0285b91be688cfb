import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionNoteTool } from "../../src/tools/session_note.ts";
import { ToolDesk } from "./desk.ts";

/** The result's JSON; what it says of the folder is shown from the test's folder on. */
async function note(desk: ToolDesk, args: Record<string, unknown>): Promise<unknown> {
  const { result } = await desk.call(sessionNoteTool, args);
  assert.deepEqual([result.success, result.display_preference], [true, "json"]);
  return JSON.parse(result.result.replaceAll(desk.notesFolder, "NOTES"));
}

const SESSION = { session_id: "session-1" };
const MAX = { max_chars: 12_000 };

Deno.test("session_note appends, replaces, reads, lists and clears", async () => {
  await using desk = new ToolDesk();
  const plan = { ...SESSION, topic: "plan" };
  const path = "NOTES/plan.md";
  const table: readonly (readonly [args: Record<string, unknown>, told: object])[] = [
    [
      { action: "read" },
      {
        action: "read",
        ...SESSION,
        topic: "default",
        exists: false,
        content: "",
        length_chars: 0,
        body_truncated: false,
        ...MAX,
      },
    ],
    [
      { action: "append", topic: "Plan", content: "one" },
      { action: "append", ...plan, path, length_chars: 3, ...MAX },
    ],
    [
      { action: "append", topic: "plan", content: "two 🧭\n" },
      { action: "append", ...plan, path, length_chars: 10, ...MAX },
    ],
    [
      { action: "append", topic: "plan", content: "three" },
      { action: "append", ...plan, path, length_chars: 15, ...MAX },
    ],
    [
      { action: "read", topic: "PLAN", content: "ignored" },
      {
        action: "read",
        ...plan,
        exists: true,
        content: "one\ntwo 🧭\nthree",
        length_chars: 15,
        body_truncated: false,
        ...MAX,
      },
    ],
    [
      { action: "replace", content: "x" },
      {
        action: "replace",
        ...SESSION,
        topic: "default",
        path: "NOTES/default.md",
        length_chars: 1,
        ...MAX,
      },
    ],
    [
      { action: "list_topics" },
      {
        action: "list_topics",
        ...SESSION,
        topic: "default",
        topics: ["default", "plan"],
        count: 2,
      },
    ],
    [{ action: "clear", topic: "plan" }, { action: "clear", ...plan, deleted: true }],
    [{ action: "clear", topic: "plan" }, { action: "clear", ...plan, deleted: false }],
  ];
  for (const [args, told] of table) assert.deepEqual(await note(desk, args), told);
});

Deno.test("session_note cuts a note that another program made longer", async () => {
  await using desk = new ToolDesk();
  mkdirSync(desk.notesFolder);
  writeFileSync(join(desk.notesFolder, "default.md"), "🧭".repeat(12_001));
  assert.deepEqual(await note(desk, { action: "read" }), {
    action: "read",
    ...SESSION,
    topic: "default",
    exists: true,
    content: "🧭".repeat(12_000),
    length_chars: 12_001,
    body_truncated: true,
    ...MAX,
  });
});

Deno.test("session_note fails, and keeps the note, when it would get too long", async () => {
  await using desk = new ToolDesk();
  await note(desk, { action: "replace", content: "x".repeat(11_999) });
  assert.deepEqual(await desk.call(sessionNoteTool, { action: "append", content: "y" }), {
    result: {
      success: false,
      result: 'Cannot write note "default": it would have 12001 characters, expected at most \
12000; replace it by a shorter one or use another topic',
      display_preference: "error",
    },
  });
  const read = await desk.text(sessionNoteTool, { action: "read" });
  assert.equal(JSON.parse(read).length_chars, 11_999);
});

Deno.test("session_note.prepare() tells writes from reads, and names the note", () => {
  const table: readonly (readonly [args: Record<string, unknown>, path?: string])[] = [
    [{ action: "read" }],
    [{ action: "list_topics" }],
    [{ action: "append", content: "x" }, "session_note/default.md"],
    [{ action: "replace", content: "x", topic: "../A" }, "session_note/%2e%2e%2fa.md"],
    [{ action: "clear", topic: "plan" }, "session_note/plan.md"],
  ];
  for (const [args, path] of table) {
    const needs = path === undefined ? [] : [{ type: "write_file", path }];
    assert.deepEqual(sessionNoteTool.prepare(args), { mutating: path !== undefined, needs });
  }
});

Deno.test("session_note.prepare() names what is wrong", () => {
  const actions = '"read" or "append" or "replace" or "clear" or "list_topics"';
  const table: readonly (readonly [args: Record<string, unknown>, message: string])[] = [
    [{}, `action: expected ${actions}, got nothing`],
    [{ action: "append" }, "content: expected the text to append, got nothing"],
    [{ action: "replace", content: "" }, "content: expected the text to replace, got nothing"],
    [{ action: "read", topic: "a\0" }, 'topic: expected visible characters, got "a\\u0000"'],
    [{ action: "read", topic: "" }, "topic: expected a name, got only blanks"],
  ];
  for (const [args, message] of table) {
    assert.throws(() => sessionNoteTool.prepare(args), { fault: "bad_input", message });
  }
});
