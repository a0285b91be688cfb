import { strict as assert } from "node:assert";
import { GeminiAnswer } from "../../src/providers/gemini_answer.ts";
import { heardIn } from "./contract.ts";
import { chunkOf } from "./gemini_wire.ts";

const nothing = { reasoning: "", text: "", calls: [], stop: "done", usage: undefined };
const STOP = { finishReason: "STOP" } as const;
const call = (fields: object) => ({ functionCall: fields });

const answers: Readonly<Record<string, { chunks: readonly unknown[]; heard: unknown }>> = {
  "all parts of a chunk, each for what it is": {
    chunks: [chunkOf([
      { text: "hm", thought: true },
      { text: "a" },
      { executableCode: { code: "1" } },
      call({ id: "a", name: "Read", args: { b: [1] } }),
      { text: "b", thought: false },
    ], STOP)],
    heard: {
      ...nothing,
      reasoning: "hm",
      text: "ab",
      calls: [{ id: "a", name: "Read", arguments: '{"b":[1]}' }],
      stop: "tool_calls",
    },
  },
  "new ids for calls that have none or another's": {
    chunks: [
      chunkOf([call({ id: "a", name: "Read", args: null }), call({ id: "a", name: "Glob" })]),
      chunkOf([call({ id: "", name: "Grep" }), call({ id: 7 })], { finishReason: "FUNCTION_CALL" }),
    ],
    heard: {
      ...nothing,
      calls: [
        { id: "a", name: "Read", arguments: "{}" },
        { id: "new-1", name: "Glob", arguments: "{}" },
        { id: "new-2", name: "Grep", arguments: "{}" },
        { id: "new-3", name: "", arguments: "{}" },
      ],
      stop: "tool_calls",
    },
  },
  "a surrogate pair whose halves come apart": {
    chunks: [
      chunkOf([{ text: "a\ud83d" }, { text: "\ud83d", thought: true }]),
      chunkOf([{ text: "\ude00b" }, { text: "\ude00", thought: true }], STOP),
    ],
    heard: { ...nothing, text: "a😀b", reasoning: "😀" },
  },
  "halves that stay alone as replacement characters": {
    chunks: [chunkOf([
      { text: "\ud83d", thought: true },
      { text: "\ude00a\ud83d" },
      call({ id: "a", name: "R\ud83d", args: { x: "\ud83d" } }),
    ], STOP)],
    heard: {
      reasoning: "\ufffd",
      text: "\ufffda\ufffd",
      calls: [{ id: "a", name: "R\ufffd", arguments: String.raw`{"x":"\ud83d"}` }],
      stop: "tool_calls",
      usage: undefined,
    },
  },
  "a finish reason it does not know as done": {
    chunks: [chunkOf([{ text: "x" }], { finishReason: "SOMETHING_NEW" })],
    heard: { ...nothing, text: "x" },
  },
  "a prompt that is blocked as refused": {
    chunks: [{ promptFeedback: { blockReason: "OTHER" } }],
    heard: { ...nothing, stop: "refused" },
  },
  "feedback that blocks nothing": {
    chunks: [{ promptFeedback: { safetyRatings: [] }, ...stopped() }],
    heard: nothing,
  },
  "an answer without parts, or without content": {
    chunks: [
      { candidates: [{ content: { role: "model" } }] },
      { candidates: [] },
      {},
      { candidates: [{ content: null, finishReason: "STOP" }] },
    ],
    heard: nothing,
  },
  "the first candidate alone": {
    chunks: [{
      candidates: [
        { content: { parts: [{ text: "one" }] }, finishReason: "STOP" },
        { content: { parts: [{ text: "two" }] }, finishReason: "STOP" },
      ],
    }],
    heard: { ...nothing, text: "one" },
  },
  "the last usage of several": {
    chunks: [
      { ...stopped(), usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1 } },
      {
        usageMetadata: {
          promptTokenCount: 5,
          toolUsePromptTokenCount: 3,
          candidatesTokenCount: 2,
          thoughtsTokenCount: 4,
          cachedContentTokenCount: 1,
        },
      },
    ],
    heard: {
      ...nothing,
      usage: {
        promptTokens: 8,
        completionTokens: 6,
        totalTokens: 14,
        cachedPromptTokens: 1,
        reasoningTokens: 4,
      },
    },
  },
  "a usage that makes no sense as none": {
    chunks: [{ ...stopped(), usageMetadata: "many" }],
    heard: nothing,
  },
  "counts that make no sense as none": {
    chunks: [{
      ...stopped(),
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: -1, totalTokenCount: "3" },
    }],
    heard: { ...nothing, usage: { promptTokens: 3, completionTokens: 0, totalTokens: 3 } },
  },
};
for (const [what, { chunks, heard }] of Object.entries(answers)) {
  Deno.test(`GeminiAnswer hears ${what}`, () => {
    const answer = newAnswer();
    const events = chunks.flatMap((raw) => answer.read(raw));
    assert.deepEqual(heardIn([...events, ...answer.end()]), heard);
  });
}

const finishes: readonly (readonly [string, string])[] = [
  ["STOP", "done"],
  ["MAX_TOKENS", "max_tokens"],
  ["SAFETY", "refused"],
  ["RECITATION", "refused"],
  ["LANGUAGE", "refused"],
  ["BLOCKLIST", "refused"],
  ["PROHIBITED_CONTENT", "refused"],
  ["SPII", "refused"],
  ["IMAGE_SAFETY", "refused"],
];
for (const [finishReason, stop] of finishes) {
  Deno.test(`GeminiAnswer.end() says ${stop} for ${finishReason}`, () => {
    const answer = newAnswer();
    answer.read(chunkOf([], { finishReason }));
    assert.deepEqual(answer.end(), [{ type: "end", stop }]);
  });
}

for (const finishReason of ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "OTHER"]) {
  Deno.test(`GeminiAnswer.end() throws protocol for ${finishReason}`, () => {
    const answer = newAnswer();
    answer.read(chunkOf([{ text: "a" }], { finishReason }));
    assert.throws(() => answer.end(), {
      failure: "protocol",
      message: `gemini: the model ended its answer with ${finishReason}`,
    });
  });
}

const carries: Readonly<Record<string, { parts: readonly unknown[]; carry: unknown }>> = {
  "nothing of an answer that is not signed": {
    parts: [{ text: "hm", thought: true }, { text: "a" }, call({ name: "Read" })],
    carry: undefined,
  },
  "unsigned text in one piece, signed text apart": {
    parts: [
      { text: "a" },
      { text: "bc" },
      { text: "", thoughtSignature: "s-1" },
      { text: "d" },
      { text: "e", thoughtSignature: "s-2" },
      { text: "", thoughtSignature: "" },
    ],
    carry: {
      parts: [
        { type: "text", length: 3 },
        { type: "text", length: 0, signature: "s-1" },
        { type: "text", length: 1 },
        { type: "text", length: 1, signature: "s-2" },
      ],
    },
  },
  "a signature that comes alone": {
    parts: [call({ name: "Read" }), { thoughtSignature: "s" }],
    carry: { parts: [{ type: "call" }, { type: "text", length: 0, signature: "s" }] },
  },
  "thoughts only where they are signed": {
    parts: [
      { text: "one", thought: true },
      { text: "two", thought: true, thoughtSignature: "s" },
      { text: "a" },
    ],
    carry: {
      parts: [{ type: "thought", text: "two", signature: "s" }, { type: "text", length: 1 }],
    },
  },
  "lengths of the text as it was told": {
    parts: [{ text: "a\ud83d" }, { text: "\ude00", thoughtSignature: "s" }, { text: "b\ud83d" }],
    carry: {
      parts: [
        { type: "text", length: 1 },
        { type: "text", length: 2, signature: "s" },
        { type: "text", length: 2 },
      ],
    },
  },
};
for (const [what, { parts, carry }] of Object.entries(carries)) {
  Deno.test(`GeminiAnswer.end() carries ${what}`, () => {
    const answer = newAnswer();
    for (const part of parts) answer.read(chunkOf([part]));
    answer.read(stopped());
    const end = answer.end().at(-1);
    assert.deepEqual(end?.type === "end" && end.carry, carry);
  });
}

Deno.test("GeminiAnswer.read() tells what a chunk adds at once and nothing for an empty one", () => {
  const answer = newAnswer();
  assert.deepEqual(answer.read(chunkOf([{ text: "b", thought: true }, { text: "a" }])), [
    { type: "reasoning", delta: "b" },
    { type: "text", delta: "a" },
  ]);
  assert.deepEqual(answer.read(chunkOf([{ text: "" }])), []);
});

Deno.test("GeminiAnswer.isWhole is true from the finish reason on", () => {
  const answer = newAnswer();
  answer.read(chunkOf([{ text: "a" }], { finishReason: "FINISH_REASON_UNSPECIFIED" }));
  assert.equal(answer.isWhole, false);
  answer.read(stopped());
  answer.read({ usageMetadata: {} });
  assert.equal(answer.isWhole, true);
});

for (
  const raw of [
    null,
    "text",
    [],
    { candidates: "many" },
    { candidates: [null] },
    chunkOf([{ text: ["a"] }]),
    chunkOf([null]),
    chunkOf([call([])]),
    chunkOf([call({ name: 7 })]),
    chunkOf([{ text: "a", thoughtSignature: 7 }]),
  ]
) {
  Deno.test(`GeminiAnswer.read() throws protocol for ${JSON.stringify(raw)}`, () => {
    assert.throws(() => newAnswer().read(raw), {
      failure: "protocol",
      message: "gemini: the stream holds something that is no chunk",
    });
  });
}

function stopped() {
  return { candidates: [STOP] };
}

function newAnswer(): GeminiAnswer {
  let made = 0;
  return new GeminiAnswer({ name: "gemini", newCallId: () => `new-${++made}` });
}
