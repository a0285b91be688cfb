import { strict as assert } from "node:assert";
import { startHistory } from "../../src/agent/history.ts";
import type { Message } from "../../src/core/message.ts";

const AT = "2026-06-18T09:30:00Z";
let last = 0;
const make = { newId: () => `new-${++last}`, timestamp: () => AT };

function message(role: Message["role"], content: string, more: Partial<Message> = {}): Message {
  return { id: `${role}-${content}`, role, content, created_at: AT, ...more };
}

Deno.test("startHistory() makes the assignment the user message when nothing was shipped", () => {
  last = 0;
  assert.deepEqual(startHistory("do it", [], make), {
    system: undefined,
    messages: [{ id: "new-1", role: "user", content: "do it", created_at: AT }],
  });
});

Deno.test("startHistory() leaves a history with a user message as it is", () => {
  const shipped = [message("user", "the new turn")];
  assert.deepEqual(startHistory("do it", shipped, make).messages, shipped);
});

Deno.test("startHistory() appends the assignment when the history has no user message", () => {
  const shipped = [message("assistant", "hello")];
  const { messages } = startHistory("do it", shipped, make);
  assert.deepEqual(messages.map(({ role, content }) => [role, content]), [
    ["assistant", "hello"],
    ["user", "do it"],
  ]);
});

Deno.test("startHistory() takes the host's system message out", () => {
  const { system, messages } = startHistory(
    "do it",
    [message("system", "You are terse"), message("user", "hi")],
    make,
  );
  assert.deepEqual([system, messages.map(({ role }) => role)], ["You are terse", ["user"]]);
});

Deno.test("startHistory() answers tool calls that nobody answered", () => {
  const call = (id: string) => ({
    id,
    type: "function",
    function: { name: "Read", arguments: "{}" },
  });
  const shipped = [
    message("user", "go"),
    message("assistant", "", { tool_calls: [call("a"), call("b")] }),
    message("tool", "text of a", { tool_call_id: "a" }),
  ];
  const { messages } = startHistory("do it", shipped, make);
  const answers = messages.filter(({ role }) => role === "tool");
  assert.deepEqual(
    answers.map(({ tool_call_id, content, tool_success }) => [tool_call_id, content, tool_success]),
    [
      ["b", "Error: the call was not run", false],
      ["a", "text of a", undefined],
    ],
  );
});
