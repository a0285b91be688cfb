import { strict as assert } from "node:assert";
import * as z from "zod";
import { type Message, messageSchema } from "../../src/core/message.ts";
import type { ToolCall } from "../../src/core/tool_call.ts";

const created_at = "2026-06-18T09:30:00Z";

Deno.test("messageSchema makes up id and time when they are missing", () => {
  const [first, second] = [1, 2].map(() => z.parse(messageSchema, { role: "user", content: "hi" }));
  assert.match(first?.id ?? "", /^[0-9a-f-]{36}$/);
  assert.notEqual(first?.id, second?.id);
  assert.match(first?.created_at ?? "", /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
  const unnamed = z.parse(messageSchema, { id: "", role: "user", content: "hi", created_at });
  assert.match(unnamed.id, /^[0-9a-f-]{36}$/);
});

Deno.test("messageSchema leaves out what says nothing", () => {
  const plain = { id: "m", role: "user", content: "hi", created_at };
  const wordy = {
    ...plain,
    reasoning: null,
    content_parts: null,
    tool_calls: null,
    metadata: null,
    compressed: false,
    never_compress: false,
    compression_level: 0,
    name: "bob",
  };
  assert.deepEqual(z.parse(messageSchema, wordy), plain);
});

Deno.test("Message is constructed plainly, with lists nobody changes", () => {
  const calls: readonly ToolCall[] = [
    { id: "c", type: "function", function: { name: "Read", arguments: "{" } },
  ];
  const message: Message = {
    id: "m",
    role: "assistant",
    content: "",
    phase: "commentary",
    tool_calls: calls,
    reasoning: undefined,
    created_at,
  };
  const { reasoning: _, ...written } = message;
  assert.deepEqual(z.parse(messageSchema, JSON.parse(JSON.stringify(message))), written);
  // @ts-expect-error: absent, never null.
  const wrong: Message = { ...message, reasoning: null };
  assert.equal(z.parse(messageSchema, wrong).reasoning, undefined);
});
