import { strict as assert } from "node:assert";
import { AnthropicAnswer } from "../../src/providers/anthropic_answer.ts";
import type { ModelEvent } from "../../src/providers/provider.ts";
import {
  block,
  callBlock,
  hi,
  messageDelta,
  messageStart,
  textBlock,
  thinkingBlock,
} from "./anthropic_events.ts";
import { heardIn } from "./contract.ts";

const one = { promptTokens: 1, completionTokens: 1, totalTokens: 2 };
const nothing = { reasoning: "", text: "", calls: [], stop: "done", usage: one };
const toolUse = (fields: object) => ({ type: "tool_use", name: "Read", ...fields });

const answers: Readonly<Record<string, { events: readonly unknown[]; heard: unknown }>> = {
  "new ids for calls that have none or another's": {
    events: [
      messageStart(),
      ...callBlock(0, { id: "a", name: "Read", pieces: [] }),
      ...callBlock(1, { id: "a", name: "Glob", pieces: ["{}"] }),
      ...callBlock(2, { name: "Grep", pieces: ["{", "}"] }),
      messageDelta("tool_use"),
    ],
    heard: {
      ...nothing,
      calls: [
        { id: "a", name: "Read", arguments: "{}" },
        { id: "new-1", name: "Glob", arguments: "{}" },
        { id: "new-2", name: "Grep", arguments: "{}" },
      ],
      stop: "tool_calls",
    },
  },
  "arguments exactly as they were written": {
    events: [
      messageStart(),
      ...callBlock(0, { id: "a", name: "Read", pieces: ['{ "n" :', " 1e2 ,", '"n":"\ud83d'] }),
      messageDelta("end_turn"),
    ],
    heard: {
      ...nothing,
      calls: [{ id: "a", name: "Read", arguments: '{ "n" : 1e2 ,"n":"\ufffd' }],
      stop: "tool_calls",
    },
  },
  "what blocks hold from their start": {
    events: [
      messageStart(),
      ...block(0, { type: "thinking", thinking: "h", signature: "s" }),
      ...block(1, { type: "text", text: "H" }, [{ type: "text_delta", text: "i" }]),
      ...block(2, toolUse({ id: "a", input: { n: 1 } })),
      ...block(3, toolUse({ id: "b" })),
      messageDelta("tool_use"),
    ],
    heard: {
      reasoning: "h",
      text: "Hi",
      calls: [
        { id: "a", name: "Read", arguments: '{"n":1}' },
        { id: "b", name: "Read", arguments: "{}" },
      ],
      stop: "tool_calls",
      usage: one,
    },
  },
  "blocks whose parts come mixed": {
    events: [
      messageStart(),
      { type: "content_block_start", index: 1, content_block: toolUse({ id: "a" }) },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      {
        type: "content_block_delta",
        index: 1,
        delta: { type: "input_json_delta", partial_json: '{"a"' },
      },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
      {
        type: "content_block_delta",
        index: 1,
        delta: { type: "input_json_delta", partial_json: ":1}" },
      },
      messageDelta("tool_use"),
    ],
    heard: {
      ...nothing,
      text: "Hi",
      calls: [{ id: "a", name: "Read", arguments: '{"a":1}' }],
      stop: "tool_calls",
    },
  },
  "a surrogate pair whose halves come apart": {
    events: [
      messageStart(),
      ...block(0, { type: "thinking" }, [{ type: "thinking_delta", thinking: "\ud83d" }, {
        type: "signature_delta",
      }, {
        type: "thinking_delta",
        thinking: "\ude00",
      }]),
      ...textBlock(1, "a\ud83d", "", "\ude00b"),
      messageDelta("end_turn"),
    ],
    heard: { ...nothing, reasoning: "😀", text: "a😀b" },
  },
  "halves that stay alone as replacement characters": {
    events: [
      messageStart(),
      ...thinkingBlock(0, "\ud83d"),
      ...textBlock(1, "\ude00a\ud83d"),
      messageDelta("end_turn"),
    ],
    heard: { ...nothing, reasoning: "\ufffd", text: "\ufffda\ufffd" },
  },
  "nothing of what it does not know": {
    events: [
      { type: "content_block_delta_v2", index: "one" },
      messageStart(),
      ...block(0, { type: "server_tool_use", id: "s", name: "web_search" }, [
        { type: "input_json_delta", partial_json: "{}" },
      ]),
      ...block(1, { type: "text", text: "", citations: null }, [
        { type: "citations_delta", citation: { type: "char_location" } },
        { type: "text_replacement", text: "Ho" },
        { type: "text_delta", text: "Hi" },
        { type: "input_json_delta", partial_json: "{}" },
      ]),
      messageDelta(null),
      messageDelta("end_turn"),
    ],
    heard: { ...nothing, text: "Hi" },
  },
  "calls announced but never made as done": {
    events: [messageStart(), messageDelta("tool_use")],
    heard: nothing,
  },
  "no usage when it makes no sense": {
    events: [messageStart({ input_tokens: -1 }), messageDelta("end_turn", "much")],
    heard: { ...nothing, usage: undefined },
  },
  "no usage when there is none": {
    events: [messageStart(null), { type: "message_delta", delta: { stop_reason: "end_turn" } }],
    heard: { ...nothing, usage: undefined },
  },
  "the last of each count": {
    events: [
      messageStart({ input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 3 }),
      messageDelta(null, { input_tokens: null, output_tokens: 4 }),
      messageDelta("end_turn", { output_tokens: 9, cache_creation_input_tokens: 2 }),
    ],
    heard: {
      ...nothing,
      usage: {
        promptTokens: 10,
        completionTokens: 9,
        totalTokens: 19,
        cachedPromptTokens: 3,
        cacheWriteTokens: 2,
      },
    },
  },
};
for (const [what, { events, heard }] of Object.entries(answers)) {
  Deno.test(`AnthropicAnswer hears ${what}`, () => {
    assert.deepEqual(heardIn(all(events)), heard);
  });
}

// reason, stop without calls, stop with one
const stops: readonly (readonly [string, string, string])[] = [
  ["end_turn", "done", "tool_calls"],
  ["stop_sequence", "done", "tool_calls"],
  ["tool_use", "done", "tool_calls"],
  ["something_new", "done", "tool_calls"],
  ["max_tokens", "max_tokens", "max_tokens"],
  ["model_context_window_exceeded", "max_tokens", "max_tokens"],
  ["pause_turn", "max_tokens", "max_tokens"],
  ["refusal", "refused", "refused"],
];
for (const [reason, without, withOne] of stops) {
  Deno.test(`AnthropicAnswer stops with ${without} or ${withOne} for ${reason}`, () => {
    const call = callBlock(0, { id: "a", name: "Read", pieces: [] });
    const end = messageDelta(reason);
    assert.equal(heardIn(all([messageStart(), end])).stop, without);
    assert.equal(heardIn(all([messageStart(), ...call, end])).stop, withOne);
  });
}

const carries: Readonly<Record<string, { events: readonly unknown[]; carry: unknown }>> = {
  "signed and redacted thinking where it stood": {
    events: [
      ...thinkingBlock(0, "on\ud83d", "sig-1"),
      ...textBlock(1, "a", "😀"),
      ...thinkingBlock(2, "", "sig-2"),
      ...callBlock(3, { id: "a", name: "Read", pieces: [] }),
      ...block(4, { type: "redacted_thinking", data: "sealed" }),
      ...callBlock(5, { id: "a", name: "Glob", pieces: [] }),
    ],
    carry: {
      blocks: [
        { type: "thinking", thinking: "on\ud83d", signature: "sig-1" },
        { type: "text", length: 3 },
        { type: "thinking", thinking: "", signature: "sig-2" },
        { type: "tool_use", id: "a" },
        { type: "redacted_thinking", data: "sealed" },
        { type: "tool_use", id: "new-1" },
      ],
    },
  },
  "no thinking without a signature": {
    events: [
      ...thinkingBlock(0, "one", "sig"),
      ...textBlock(1),
      ...thinkingBlock(2, "cut"),
    ],
    carry: { blocks: [{ type: "thinking", thinking: "one", signature: "sig" }] },
  },
  "nothing when no thinking is signed": {
    events: [...thinkingBlock(0, "one"), ...textBlock(1, "two")],
    carry: undefined,
  },
};
for (const [what, { events, carry }] of Object.entries(carries)) {
  Deno.test(`AnthropicAnswer carries ${what}`, () => {
    const end = all([messageStart(), ...events, messageDelta("end_turn")]).at(-1);
    assert.ok(end?.type === "end");
    assert.deepEqual(end.carry, carry);
  });
}

Deno.test("AnthropicAnswer.read() tells what an event adds at once", () => {
  const answer = newAnswer();
  const [start, ...events] = textBlock(0, "a", "b");
  answer.read(messageStart());
  assert.deepEqual(answer.read(start), []);
  assert.deepEqual(answer.read(events[0]), [{ type: "text", delta: "a" }]);
});

Deno.test("AnthropicAnswer.isWhole is true from the stop reason on", () => {
  const answer = newAnswer();
  const [ending = {}, stop] = hi().slice(-2);
  for (const event of hi().slice(0, -2)) answer.read(event);
  answer.read(messageDelta(null));
  assert.equal(answer.isWhole, false);
  answer.read(ending);
  answer.read(stop);
  assert.equal(answer.isWhole, true);
});

const start = { type: "content_block_start", index: 0, content_block: { type: "text" } };
for (
  const raw of [
    null,
    "text",
    [],
    {},
    { type: 7 },
    { type: "message_start" },
    { type: "message_start", message: [] },
    { ...start, index: -1 },
    { ...start, content_block: null },
    { ...start, content_block: { type: "text", text: ["a"] } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: 7 } },
    { type: "message_delta", delta: { stop_reason: {} } },
  ]
) {
  Deno.test(`AnthropicAnswer.read() throws protocol for ${JSON.stringify(raw)}`, () => {
    const answer = newAnswer();
    answer.read(start);
    assert.throws(() => answer.read(raw), {
      failure: "protocol",
      message: "anthropic: the stream holds something that is no event",
    });
  });
}

Deno.test("AnthropicAnswer.read() throws protocol for a part of a block that never began", () => {
  const [, part] = textBlock(3, "a");
  assert.throws(() => newAnswer().read(part), {
    failure: "protocol",
    message: "anthropic: a part of a block came before it",
  });
});

Deno.test("AnthropicAnswer.end() throws protocol when the answer broke off", () => {
  const answer = newAnswer();
  answer.read(messageStart());
  assert.throws(() => answer.end(), {
    failure: "protocol",
    message: "anthropic: the stream ended without a stop reason",
  });
});

function all(events: readonly unknown[]): ModelEvent[] {
  const answer = newAnswer();
  return [...events.flatMap((event) => answer.read(event)), ...answer.end()];
}

function newAnswer(): AnthropicAnswer {
  let made = 0;
  return new AnthropicAnswer({ name: "anthropic", newCallId: () => `new-${++made}` });
}
