import { strict as assert } from "node:assert";
import type { Message } from "../../src/core/message.ts";
import { carryMetadata } from "../../src/providers/carry.ts";
import { responsesInput } from "../../src/providers/responses_messages.ts";

const MODEL = "gpt-6-luna";

function message(fields: Partial<Message> & Pick<Message, "role">): Message {
  return { id: "m", content: "", created_at: "2026-06-18T09:30:00Z", ...fields };
}

function call(id: string, name = "Read", text = "{}") {
  return { id, type: "function", function: { name, arguments: text } };
}

function sealed(id: string, encrypted_content: string) {
  return { type: "reasoning", id, summary: [], encrypted_content };
}

function carrying(items: readonly unknown[], model = MODEL) {
  return { metadata: carryMetadata({ protocol: "openai", model }, { items }) };
}

const image = (url: string, detail?: string) =>
  ({ type: "image_url", image_url: { url, ...(detail !== undefined && { detail }) } }) as const;

const cases: Readonly<Record<string, { given: Message; items: readonly unknown[] }>> = {
  "the system message": {
    given: message({ role: "system", content: "Be kind." }),
    items: [{ role: "system", content: "Be kind." }],
  },
  "a user's words with half a character": {
    given: message({ role: "user", content: "a\ud800b" }),
    items: [{ role: "user", content: "a\ufffdb" }],
  },
  "a user's images": {
    given: message({
      role: "user",
      content: "look",
      content_parts: [
        image("data:image/png;base64,AA", "low"),
        image("https://x/y.png", "original"),
        image("bamboo-attachment://s/1"),
      ],
    }),
    items: [{
      role: "user",
      content: [
        { type: "input_text", text: "look" },
        { type: "input_image", image_url: "data:image/png;base64,AA", detail: "low" },
        { type: "input_image", image_url: "https://x/y.png", detail: "auto" },
        { type: "input_text", text: "[image not available]" },
      ],
    }],
  },
  "an answer with its calls": {
    given: message({
      role: "assistant",
      content: "I look.",
      phase: "commentary",
      tool_calls: [call("c-1", "Re ad", '{"a":'), call("c-2")],
    }),
    items: [
      { type: "message", role: "assistant", content: "I look.", phase: "commentary" },
      {
        type: "function_call",
        call_id: "c-1",
        name: "Re_ad",
        arguments: '{"invalid_json":"{\\"a\\":"}',
      },
      { type: "function_call", call_id: "c-2", name: "Read", arguments: "{}" },
    ],
  },
  "an answer without a word": { given: message({ role: "assistant" }), items: [] },
  "a tool's result": {
    given: message({ role: "tool", content: "seen", tool_call_id: "c-1" }),
    items: [{ type: "function_call_output", call_id: "c-1", output: "seen" }],
  },
  "the reasoning of an answer in its place": {
    given: message({
      role: "assistant",
      content: "First.Then.",
      tool_calls: [call("c-1")],
      ...carrying([
        sealed("rs_1", "one"),
        { type: "message", length: 6, phase: "commentary" },
        sealed("rs_2", "two"),
        { type: "message", length: 5, phase: "final_answer" },
        sealed("rs_3", "three"),
        { type: "function_call", call_id: "c-1" },
      ]),
    }),
    items: [
      sealed("rs_1", "one"),
      { type: "message", role: "assistant", content: "First.", phase: "commentary" },
      sealed("rs_2", "two"),
      { type: "message", role: "assistant", content: "Then.", phase: "final_answer" },
      sealed("rs_3", "three"),
      { type: "function_call", call_id: "c-1", name: "Read", arguments: "{}" },
    ],
  },
  "text and calls that the carry does not know, at the end": {
    given: message({
      role: "assistant",
      content: "Longer now.",
      tool_calls: [call("c-9")],
      ...carrying([sealed("rs_1", "one"), { type: "message", length: 6 }]),
    }),
    items: [
      sealed("rs_1", "one"),
      { type: "message", role: "assistant", content: "Longer" },
      { type: "message", role: "assistant", content: " now." },
      { type: "function_call", call_id: "c-9", name: "Read", arguments: "{}" },
    ],
  },
  "no reasoning that nothing follows": {
    given: message({
      role: "assistant",
      content: "Hi",
      ...carrying([
        { type: "message", length: 2 },
        sealed("rs_1", "one"),
        { type: "function_call", call_id: "dropped" },
      ]),
    }),
    items: [{ type: "message", role: "assistant", content: "Hi" }],
  },
  "no reasoning of another model": {
    given: message({
      role: "assistant",
      content: "Hi",
      ...carrying([sealed("rs_1", "one"), { type: "message", length: 2 }], "gpt-5.5"),
    }),
    items: [{ type: "message", role: "assistant", content: "Hi" }],
  },
  "nothing of a carry that is none": {
    given: message({
      role: "assistant",
      content: "Hi",
      ...carrying([{ type: "reasoning", id: "rs_1" }]),
    }),
    items: [{ type: "message", role: "assistant", content: "Hi" }],
  },
};
for (const [what, { given, items }] of Object.entries(cases)) {
  Deno.test(`responsesInput() sends ${what}`, () => {
    assert.deepEqual(responsesInput([given], MODEL), items);
  });
}
