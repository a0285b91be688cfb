import { strict as assert } from "node:assert";
import type { Message, MessagePart } from "../../src/core/message.ts";
import { chatMessages } from "../../src/providers/chat_messages.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";

Deno.test("chatMessages() keeps the order and maps one for one", () => {
  const call = { id: "c-1", type: "function", function: { name: "Read", arguments: '{"a":1}' } };
  const conversation = [
    message({ role: "system", content: "Be careful." }),
    message({ role: "user", content: "read notes.md" }),
    message({ role: "assistant", content: "", reasoning: "hm", tool_calls: [call] }),
    message({ role: "tool", content: "alpha", tool_call_id: "c-1", tool_success: true }),
    message({ role: "assistant", content: "I look.", tool_calls: [{ ...call, id: "c-2" }] }),
    message({ role: "tool", content: "Error: gone", tool_call_id: "c-2", tool_success: false }),
    message({ role: "assistant", content: "Done.", tool_calls: [] }),
  ];
  assert.deepEqual(chatMessages(conversation), [
    { role: "system", content: "Be careful." },
    { role: "user", content: "read notes.md" },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", content: "alpha", tool_call_id: "c-1" },
    { role: "assistant", content: "I look.", tool_calls: [{ ...call, id: "c-2" }] },
    { role: "tool", content: "Error: gone", tool_call_id: "c-2" },
    { role: "assistant", content: "Done." },
  ]);
});

const text = (text: string): MessagePart => ({ type: "text", text });
const image = (url: string, detail?: string): MessagePart => ({
  type: "image_url",
  image_url: { url, ...(detail !== undefined && { detail }) },
});
const contents: Readonly<Record<string, [content: string, parts: MessagePart[], sent: unknown]>> = {
  "parts with an image": ["look", [text("look"), image(PNG)], [
    { type: "text", text: "look" },
    { type: "image_url", image_url: { url: PNG } },
  ]],
  "a known detail": ["", [image("https://img.example/a.png", "high")], [
    { type: "image_url", image_url: { url: "https://img.example/a.png", detail: "high" } },
  ]],
  "an image without a detail it does not know": ["", [image("HTTP://img.example/a", "best")], [
    { type: "image_url", image_url: { url: "HTTP://img.example/a" } },
  ]],
  "the content before an image when no part is text": ["look", [image(PNG)], [
    { type: "text", text: "look" },
    { type: "image_url", image_url: { url: PNG } },
  ]],
  "a note for an image only its host knows": ["look", [
    text("look"),
    image("bamboo-attachment://s/1"),
    image("file:///etc/passwd"),
  ], [
    { type: "text", text: "look" },
    { type: "text", text: "[image not available]" },
    { type: "text", text: "[image not available]" },
  ]],
  "the content when all parts are text": ["whole", [text("part")], "whole"],
};
for (const [what, [content, content_parts, sent]] of Object.entries(contents)) {
  Deno.test(`chatMessages() sends ${what}`, () => {
    const mapped = chatMessages([message({ role: "user", content, content_parts })]);
    assert.deepEqual(mapped, [{ role: "user", content: sent }]);
  });
}

Deno.test("chatMessages() drops the images of tool messages", () => {
  const content_parts = [image(PNG)];
  const mapped = chatMessages([
    message({ role: "tool", content: "a picture", content_parts, tool_call_id: "c" }),
  ]);
  assert.deepEqual(mapped, [{ role: "tool", content: "a picture", tool_call_id: "c" }]);
});

const calls: readonly (readonly [string, string, string, string])[] = [
  ["Read", '{ "a": 1 }', "Read", '{ "a": 1 }'],
  ["Read", "", "Read", "{}"],
  ["Read", " \n", "Read", "{}"],
  ["Read", '{"a": ', "Read", String.raw`{"invalid_json":"{\"a\": "}`],
  ["Read", '"text"', "Read", String.raw`{"invalid_json":"\"text\""}`],
  ["Read", "[1]", "Read", '{"invalid_json":"[1]"}'],
  ["Read", "null", "Read", '{"invalid_json":"null"}'],
  ["Read", '{"a":"\ud83d"}', "Read", '{"a":"\ufffd"}'],
  ["ns::Read file", "{}", "ns__Read_file", "{}"],
  ["", "{}", "unknown", "{}"],
  ["x".repeat(70), "{}", "x".repeat(64), "{}"],
];
for (const [name, written, sentName, sent] of calls) {
  Deno.test(`chatMessages() sends the call ${JSON.stringify([name, written])} so that servers take it`, () => {
    const call = { id: "c", type: "function", function: { name, arguments: written } };
    const [mapped] = chatMessages([message({ role: "assistant", tool_calls: [call] })]);
    const expected = { name: sentName, arguments: sent };
    assert.deepEqual(mapped, {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c", type: "function", function: expected }],
    });
  });
}

Deno.test("chatMessages() sends no half of a surrogate pair", () => {
  const half = "a\ud83d";
  const mapped = chatMessages([
    message({ role: "user", content: half }),
    message({ role: "user", content_parts: [text(half), image(PNG)] }),
    message({ role: "tool", content: half, tool_call_id: "c" }),
  ]);
  assert.ok(!JSON.stringify(mapped).includes("\\ud83d"));
});

function message(fields: Partial<Message> & Pick<Message, "role">): Message {
  return { id: "m", content: "", created_at: "2026-06-18T09:30:00Z", ...fields };
}
