import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { systemClock } from "../../src/base/clock.ts";
import type { Figures } from "../../src/gateway/usage_figures.ts";
import { tapUsage } from "../../src/gateway/usage_tap.ts";
import { SPOKEN } from "../providers/recorded_answers.ts";
import { cutsOf, readRecording } from "../providers/recording.ts";

const STREAM = "text/event-stream; charset=utf-8";
const UNKNOWN: Figures = { prompt: undefined, final: undefined };
const encoder = new TextEncoder();

function events(...list: readonly unknown[]): string {
  return list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
}

type Case = { readonly text: string; readonly figures: Figures; readonly contentType?: string };

function counted(prompt: number, output: number, cached = 0, cacheWrite = 0): Figures {
  return { prompt, final: { prompt, output, cached, cacheWrite } };
}

const chatUsage = {
  prompt_tokens: 19,
  completion_tokens: 10,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 16 },
};
const anthropic = [
  {
    type: "message_start",
    message: {
      usage: {
        input_tokens: 5,
        cache_creation_input_tokens: 7,
        cache_read_input_tokens: 100,
        output_tokens: 1,
      },
    },
  },
  {
    type: "content_block_delta",
    delta: { type: "text_delta", text: 'a "usage": {"output_tokens": 1}' },
  },
  { type: "message_delta", delta: {}, usage: { output_tokens: 42, input_tokens: null } },
];
const gemini = [
  {
    candidates: [{ content: { parts: [{ text: "東京" }] } }],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 1, totalTokenCount: 9 },
  },
  {
    candidates: [{ finishReason: "STOP" }],
    usageMetadata: {
      promptTokenCount: 8,
      cachedContentTokenCount: 3,
      toolUsePromptTokenCount: 2,
      candidatesTokenCount: 4,
      thoughtsTokenCount: 20,
      totalTokenCount: 34,
    },
  },
];
const responses = [
  { type: "response.created", response: { usage: null } },
  { type: "response.output_text.delta", delta: "usage" },
  {
    type: "response.completed",
    response: {
      output: [{ text: "x" }],
      usage: {
        input_tokens: 30,
        input_tokens_details: { cached_tokens: 20, cache_write_tokens: 4 },
        output_tokens: 6,
        total_tokens: 36,
      },
    },
  },
];

const cases: Record<string, Case> = {
  "chat, a chunk of its own": {
    text: events({ choices: [{}], usage: null }, { choices: [], usage: chatUsage }) +
      "data: [DONE]\n\n",
    figures: counted(19, 10, 16),
  },
  "chat, without [DONE]": {
    text: events({ choices: [], usage: chatUsage }),
    figures: counted(19, 10, 16),
  },
  "chat, thoughts in the total alone": {
    text: events({ choices: [], usage: { ...chatUsage, total_tokens: 129 } }),
    figures: counted(19, 110, 16),
  },
  "chat, counts so far in every chunk": {
    text: events(
      { choices: [{}], usage: { prompt_tokens: 3, completion_tokens: 1 } },
      { choices: [{ finish_reason: "stop" }], usage: { prompt_tokens: 3, completion_tokens: 2 } },
    ),
    figures: counted(3, 2),
  },
  "chat, carriage returns": {
    text: events({ choices: [], usage: chatUsage }).replaceAll("\n", "\r\n"),
    figures: counted(19, 10, 16),
  },
  "chat, in one piece": {
    text: JSON.stringify({ choices: [{ finish_reason: "stop" }], usage: chatUsage }, undefined, 1),
    contentType: "application/json",
    figures: counted(19, 10, 16),
  },
  "Responses": { text: events(...responses), figures: counted(30, 6, 20, 4) },
  "Responses, incomplete": {
    text: events({ ...responses[2], type: "response.incomplete" }),
    figures: counted(30, 6, 20, 4),
  },
  "Responses, in one piece": {
    text: JSON.stringify({ object: "response", usage: { input_tokens: 3, output_tokens: 4 } }),
    contentType: "application/json",
    figures: counted(3, 4),
  },
  "Anthropic": {
    text: events(...anthropic, { type: "message_stop" }),
    figures: counted(112, 42, 100, 7),
  },
  "Anthropic, in one piece": {
    text: JSON.stringify({
      type: "message",
      usage: { input_tokens: 3, cache_read_input_tokens: 4, output_tokens: 5 },
    }),
    contentType: "application/json",
    figures: counted(7, 5, 4),
  },
  "Gemini": { text: events(...gemini), figures: counted(10, 24, 3) },
  "Gemini, an array in one piece": {
    text: JSON.stringify(gemini),
    contentType: "application/json; charset=UTF-8",
    figures: counted(10, 24, 3),
  },
  // From here on nothing final is known.
  "an Anthropic stream that ends too early": {
    text: events(...anthropic.slice(0, 2)),
    figures: { prompt: 112, final: undefined },
  },
  "a Gemini stream that ends too early": {
    text: events(gemini[0]),
    figures: { prompt: 8, final: undefined },
  },
  "no usage": { text: events({ choices: [] }) + "data: [DONE]\n\n", figures: UNKNOWN },
  "a broken usage": {
    text: events({ choices: [], usage: { prompt_tokens: -1, completion_tokens: "7" } }) +
      "data: [DONE]\n\n",
    figures: UNKNOWN,
  },
  "no JSON": { text: 'data: {"usage": {"prompt_tokens": 1\n\ndata: [DONE]\n\n', figures: UNKNOWN },
  "no text": { text: "", contentType: "application/json", figures: UNKNOWN },
};

for (const [name, { text, figures, contentType = STREAM }] of Object.entries(cases)) {
  Deno.test(`tapUsage() reads and passes on ${name}, however it is cut`, async () => {
    const bytes = encoder.encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = [bytes.slice(0, at), bytes.slice(at)].filter(({ length }) => length > 0);
      assert.deepEqual(await passed(pieces, contentType), { text, figures: [figures] });
    }
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    assert.deepEqual(await passed(single, contentType), { text, figures: [figures] });
  });
}

const written: Record<string, Figures> = {
  "openai/text.txt": counted(19, 10, 16),
  "openai/reasoning.txt": counted(12, 30),
  "openai/local_server.txt": UNKNOWN,
  "anthropic/thinking_tool_use.txt": counted(410, 89),
  "anthropic/text_from_cache.txt": counted(2_569, 14, 2_048, 512),
  "anthropic/other_server.txt": counted(12, 5),
  "anthropic/overloaded.txt": { prompt: 30, final: undefined },
  "gemini/text.txt": counted(19, 8, 16),
  "gemini/signed_text.txt": counted(12, 49),
  "gemini/blocked.txt": counted(9, 0),
  "gemini/error.txt": { prompt: 5, final: undefined },
};
for (const [file, figures] of Object.entries(written)) {
  Deno.test(`tapUsage() reads what a provider is documented to answer in ${file}, however it is cut`, async () => {
    const path = new URL(`../fixtures/providers/${file}`, import.meta.url);
    const bytes = Uint8Array.from(readFileSync(path));
    const text = new TextDecoder().decode(bytes);
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = [bytes.slice(0, at), bytes.slice(at)].filter(({ length }) => length > 0);
      assert.deepEqual(await passed(pieces, STREAM), { text, figures: [figures] });
    }
  });
}

for (const protocol of ["openai", "responses", "anthropic", "gemini"]) {
  const file = `${protocol}/recorded_many_calls.txt`;
  Deno.test(`tapUsage() reads what aimock counted in ${file}, however it is cut`, async () => {
    const { headers, body } = await readRecording(file);
    const { prompt, completion } = SPOKEN.many_calls.usage;
    const text = new TextDecoder().decode(body);
    for (const [cut, pieces] of cutsOf(body)) {
      const heard = await passed(pieces, headers.get("content-type") ?? "");
      assert.deepEqual(heard, { text, figures: [counted(prompt, completion)] }, cut);
    }
  });
}

Deno.test("tapUsage() tells the figures before the reader has what ends the answer", async () => {
  const told: Figures[] = [];
  const text = events({ choices: [], usage: chatUsage }) + "data: [DONE]\n\n";
  const reader = tapUsage(openEnded(text), { contentType: STREAM, onEnd: (it) => told.push(it) })
    .getReader();
  await reader.read();
  assert.deepEqual(told, [counted(19, 10, 16)]);
  await reader.cancel();
  assert.equal(told.length, 1);
});

Deno.test("tapUsage() knows what was counted of an answer that its reader leaves", async () => {
  const told: Figures[] = [];
  let cancelled: unknown;
  const body = openEnded(events(anthropic[0]), (reason) => cancelled = reason);
  const reader = tapUsage(body, { contentType: STREAM, onEnd: (it) => told.push(it) }).getReader();
  await reader.read();
  await reader.cancel("enough");
  assert.deepEqual(told, [{ prompt: 112, final: undefined }]);
  assert.equal(cancelled, "enough");
});

Deno.test("tapUsage() passes on a lost connection, and counts nothing as final", async () => {
  const told: Figures[] = [];
  const lost = new Error("connection reset");
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(encoder.encode(events(gemini[0]))),
    pull: (controller) => controller.error(lost),
  });
  const reader = tapUsage(body, { contentType: STREAM, onEnd: (it) => told.push(it) }).getReader();
  await assert.rejects(async () => {
    while (!(await reader.read()).done) { /* until it breaks off */ }
  }, lost);
  assert.deepEqual(told, [{ prompt: 8, final: undefined }]);
});

Deno.test("tapUsage() holds no more than 16 MB of a line without end, and passes it all", async () => {
  const piece = new Uint8Array(1024 * 1024).fill(0x61);
  const usage = encoder.encode("\n" + events({ choices: [], usage: chatUsage }));
  const told: Figures[] = [];
  const body = ReadableStream.from([...Array.from({ length: 18 }, () => piece), usage]);
  let bytes = 0;
  const tapped = tapUsage(body, { contentType: STREAM, onEnd: (it) => told.push(it) });
  for await (const chunk of tapped) bytes += chunk.length;
  assert.equal(bytes, 18 * piece.length + usage.length);
  assert.deepEqual(told, [UNKNOWN]);
});

Deno.test("tapUsage() takes less than a tenth of a millisecond a chunk", async () => {
  const chunk = encoder.encode(events({ choices: [{ delta: { content: "word " } }], usage: null }));
  const body = ReadableStream.from(Array.from({ length: 5_000 }, () => chunk));
  const start = systemClock.monotonic();
  for await (const _ of tapUsage(body, { contentType: STREAM, onEnd: () => {} })) { /* all */ }
  assert.ok((systemClock.monotonic() - start) / 5_000 < 0.1);
});

async function passed(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  contentType: string,
): Promise<{ text: string; figures: readonly Figures[] }> {
  const figures: Figures[] = [];
  const onEnd = (found: Figures) => void figures.push(found);
  const body = tapUsage(ReadableStream.from(pieces), { contentType, onEnd });
  return { text: await new Response(body).text(), figures };
}

function openEnded(
  text: string,
  cancel: (reason: unknown) => void = () => {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(text)),
    cancel,
  });
}
