import { strict as assert } from "node:assert";
import { ChatAnswer } from "../../src/providers/chat_answer.ts";
import { ProviderError } from "../../src/providers/provider.ts";
import { heardIn } from "./contract.ts";
import { chunk } from "./model_server.ts";

const nothing = { reasoning: "", text: "", calls: [], stop: "done", usage: undefined };
const call = (index: number | null, fields: object = {}) => ({ index, ...fields });
const named = (name: string, text = "{}") => ({ function: { name, arguments: text } });

const answers: Readonly<Record<string, { chunks: readonly unknown[]; heard: unknown }>> = {
  "the parts of calls by their index": {
    chunks: [
      chunk({ tool_calls: [call(1, { id: "b", ...named("Glob", '{"p') })] }),
      chunk({
        tool_calls: [
          call(0, { id: "a", ...named("Read", "{") }),
          call(1, { function: { arguments: '":1}' } }),
        ],
      }),
      chunk({ tool_calls: [call(0, { id: "a", ...named("Read", "}") })] }, "tool_calls"),
    ],
    heard: {
      ...nothing,
      calls: [
        { id: "a", name: "Read", arguments: "{}" },
        { id: "b", name: "Glob", arguments: '{"p":1}' },
      ],
      stop: "tool_calls",
    },
  },
  "calls without an index by their ids": {
    chunks: [
      chunk({ tool_calls: [call(null, { id: "a", ...named("Read", "{") })] }),
      chunk({ tool_calls: [call(null, { function: { arguments: "}" } })] }),
      chunk({ tool_calls: [call(null, { id: "b", ...named("Glob") })] }, "stop"),
    ],
    heard: {
      ...nothing,
      calls: [
        { id: "a", name: "Read", arguments: "{}" },
        { id: "b", name: "Glob", arguments: "{}" },
      ],
      stop: "tool_calls",
    },
  },
  "new ids for calls that have none or another's": {
    chunks: [
      chunk({ tool_calls: [call(0, { id: "a", ...named("Read") })] }),
      chunk({ tool_calls: [call(1, { id: "a", ...named("Glob") })] }),
      chunk({ tool_calls: [call(2, { id: "", ...named("Grep") })] }, "tool_calls"),
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
  "a surrogate pair whose halves come apart": {
    chunks: [
      chunk({ content: "a\ud83d", reasoning: "\ud83d" }),
      chunk({ content: "", reasoning: "" }),
      chunk({ content: "\ude00b", reasoning: "\ude00" }, "stop"),
    ],
    heard: { ...nothing, text: "a😀b", reasoning: "😀" },
  },
  "halves that stay alone as replacement characters": {
    chunks: [
      chunk({ content: "\ude00a\ud83d", reasoning: "\ud83d" }),
      chunk({ tool_calls: [call(0, { id: "a", ...named("R\ud83d", "\ud83d") })] }, "tool_calls"),
    ],
    heard: {
      reasoning: "\ufffd",
      text: "\ufffda\ufffd",
      calls: [{ id: "a", name: "R\ufffd", arguments: "\ufffd" }],
      stop: "tool_calls",
      usage: undefined,
    },
  },
  "a refusal as its text": {
    chunks: [chunk({ refusal: "I can" }), chunk({ refusal: "not." }, "stop")],
    heard: { ...nothing, text: "I cannot.", stop: "refused" },
  },
  "a filtered answer as refused": {
    chunks: [chunk({ content: "No" }, "content_filter")],
    heard: { ...nothing, text: "No", stop: "refused" },
  },
  "a finish reason it does not know as done": {
    chunks: [chunk({ content: "x" }, "eos")],
    heard: { ...nothing, text: "x" },
  },
  "calls announced but never made as done": {
    chunks: [chunk({}, "tool_calls")],
    heard: nothing,
  },
  "the last usage of several, in a chunk with choices or without": {
    chunks: [
      { choices: [{ delta: {}, finish_reason: "stop" }], usage: usage(1, 1) },
      { usage: { ...usage(5, 2), prompt_tokens_details: null } },
      { choices: [], usage: null },
    ],
    heard: {
      ...nothing,
      usage: { promptTokens: 5, completionTokens: 2, totalTokens: 7 },
    },
  },
  "a usage that makes no sense as none": {
    chunks: [chunk({}, "stop"), { choices: [], usage: usage(-1, 1.5) }],
    heard: nothing,
  },
  "usage details that make no sense as none": {
    chunks: [chunk({}, "stop"), {
      usage: { ...usage(3, 1), total_tokens: "4", prompt_tokens_details: { cached_tokens: null } },
    }],
    heard: { ...nothing, usage: { promptTokens: 3, completionTokens: 1, totalTokens: 4 } },
  },
  "reasoning that is no text as none": {
    chunks: [chunk({ reasoning: { steps: [] }, content: "x" }, "stop")],
    heard: { ...nothing, text: "x" },
  },
  "the first choice alone": {
    chunks: [{
      choices: [
        { delta: { content: "one" }, finish_reason: "stop" },
        { delta: { content: "two" }, finish_reason: "stop" },
      ],
    }],
    heard: { ...nothing, text: "one" },
  },
  "a choice without a delta": {
    chunks: [{ choices: [{ finish_reason: "stop" }] }],
    heard: nothing,
  },
};
for (const [what, { chunks, heard }] of Object.entries(answers)) {
  Deno.test(`ChatAnswer hears ${what}`, () => {
    const answer = newAnswer();
    const events = chunks.flatMap((raw) => answer.read(raw));
    assert.deepEqual(heardIn([...events, ...answer.end()]), heard);
  });
}

Deno.test("ChatAnswer.read() tells what a chunk adds at once and nothing for an empty one", () => {
  const answer = newAnswer();
  assert.deepEqual(answer.read(chunk({ content: "a", reasoning_content: "b" })), [
    { type: "reasoning", delta: "b" },
    { type: "text", delta: "a" },
  ]);
  assert.deepEqual(answer.read(chunk({ role: "assistant", content: "" })), []);
});

Deno.test("ChatAnswer.isWhole is true from the finish reason on", () => {
  const answer = newAnswer();
  answer.read(chunk({ content: "a" }));
  assert.equal(answer.isWhole, false);
  answer.read(chunk({}, "stop"));
  answer.read({ choices: [], usage: usage(1, 1) });
  assert.equal(answer.isWhole, true);
});

for (
  const raw of [
    null,
    "text",
    [],
    { choices: "many" },
    { choices: [null] },
    chunk({ content: ["a"] }),
    chunk({ tool_calls: {} }),
    chunk({ tool_calls: [call(-1)] }),
    chunk({ tool_calls: [call(0, { function: { arguments: {} } })] }),
  ]
) {
  Deno.test(`ChatAnswer.read() throws protocol for ${JSON.stringify(raw)}`, () => {
    assert.throws(() => newAnswer().read(raw), {
      failure: "protocol",
      message: "openai: the stream holds something that is no chunk",
    });
  });
}

Deno.test("ChatAnswer.end() throws protocol when the answer broke off", () => {
  const answer = newAnswer();
  answer.read(chunk({ content: "Hal" }));
  assert.throws(() => answer.end(), ProviderError);
});

function newAnswer(): ChatAnswer {
  let made = 0;
  return new ChatAnswer({ name: "openai", newCallId: () => `new-${++made}` });
}

function usage(prompt_tokens: number, completion_tokens: number) {
  return { prompt_tokens, completion_tokens };
}
