import { strict as assert } from "node:assert";
import type { Message } from "../../src/core/message.ts";
import { carryMetadata } from "../../src/providers/carry.ts";
import type { ModelEvent } from "../../src/providers/provider.ts";
import { ResponsesAnswer } from "../../src/providers/responses_answer.ts";
import { responsesInput } from "../../src/providers/responses_messages.ts";
import { heardIn } from "./contract.ts";
import { completed, type ResponseItem, textDelta } from "./response_stream.ts";

function read(...events: readonly ResponseItem[]): ModelEvent[] {
  let made = 0;
  const answer = new ResponsesAnswer({ name: "openai", newCallId: () => `made-${++made}` });
  return [...events.flatMap((event) => answer.read(event)), ...answer.end()];
}

function item(output_index: number, fields: ResponseItem): ResponseItem {
  return { type: "response.output_item.done", output_index, item: fields };
}

function argumentsDelta(output_index: number, delta: string): ResponseItem {
  return { type: "response.function_call_arguments.delta", output_index, delta };
}

function incomplete(reason: string): ResponseItem {
  return { type: "response.incomplete", response: { incomplete_details: { reason } } };
}

Deno.test("ResponsesAnswer tells the usage with its parts", () => {
  const usage = {
    input_tokens: 100,
    output_tokens: 40,
    total_tokens: 140,
    input_tokens_details: { cached_tokens: 64, cache_write_tokens: 8 },
    output_tokens_details: { reasoning_tokens: 30 },
  };
  assert.deepEqual(heardIn(read(completed({ usage }))).usage, {
    promptTokens: 100,
    completionTokens: 40,
    totalTokens: 140,
    cachedPromptTokens: 64,
    cacheWriteTokens: 8,
    reasoningTokens: 30,
  });
});

Deno.test("ResponsesAnswer joins the arguments of calls that are said at the same time", () => {
  const events = read(
    item(1, { type: "function_call", call_id: "c-2", name: "Glob" }),
    item(0, { type: "function_call", call_id: "c-1", name: "Read" }),
    argumentsDelta(1, '{"b":'),
    argumentsDelta(0, '{"a":'),
    argumentsDelta(1, "2}"),
    argumentsDelta(0, "1}"),
    completed(),
  );
  assert.deepEqual(heardIn(events).calls, [
    { id: "c-1", name: "Read", arguments: '{"a":1}' },
    { id: "c-2", name: "Glob", arguments: '{"b":2}' },
  ]);
});

Deno.test("ResponsesAnswer takes the whole arguments where no part of them came", () => {
  const events = read(
    item(0, { type: "function_call", call_id: "c-1", name: "Read", arguments: "{}" }),
    completed(),
  );
  assert.deepEqual(heardIn(events).calls, [{ id: "c-1", name: "Read", arguments: "{}" }]);
});

Deno.test("ResponsesAnswer makes ids for calls without one, or with another's", () => {
  const events = read(
    item(0, { type: "function_call", name: "Read" }),
    item(1, { type: "function_call", call_id: "c", name: "Read" }),
    item(2, { type: "function_call", call_id: "c", name: "Glob" }),
    completed(),
  );
  assert.deepEqual(heardIn(events).calls.map((call) => call.id), ["made-1", "c", "made-2"]);
});

Deno.test("ResponsesAnswer keeps a character whole that comes in two events", () => {
  const events = read(textDelta("a\ud83d"), textDelta("\ude00"), textDelta("\ud83d"), completed());
  const deltas = events.flatMap((event) => event.type === "text" ? [event.delta] : []);
  assert.deepEqual(deltas, ["a", "\u{1f600}", "\ufffd"]);
});

Deno.test("ResponsesAnswer sets the parts of a summary apart", () => {
  const part = (delta: string) => [
    { type: "response.reasoning_summary_part.added", summary_index: 0 },
    { type: "response.reasoning_summary_text.delta", delta },
  ];
  assert.equal(
    heardIn(read(...part("One."), ...part("Two."), completed())).reasoning,
    "One.\n\nTwo.",
  );
});

const stops: Readonly<Record<string, readonly [events: readonly ResponseItem[], stop: string]>> = {
  "the limit of tokens": [[textDelta("Hal"), incomplete("max_output_tokens")], "max_tokens"],
  "an end before its time that has no reason": [
    [textDelta("Hal"), { type: "response.incomplete", response: { status: "incomplete" } }],
    "max_tokens",
  ],
  "a filter": [[textDelta("Hal"), incomplete("content_filter")], "refused"],
  "a refusal": [
    [{ type: "response.refusal.delta", output_index: 0, delta: "No." }, completed()],
    "refused",
  ],
  "a call that was cut": [
    [
      item(0, { type: "function_call", call_id: "c", name: "Read" }),
      argumentsDelta(0, '{"file'),
      incomplete("max_output_tokens"),
    ],
    "max_tokens",
  ],
};
for (const [what, [events, stop]] of Object.entries(stops)) {
  Deno.test(`ResponsesAnswer stops with ${stop} at ${what}`, () => {
    assert.equal(heardIn(read(...events)).stop, stop);
  });
}

Deno.test("ResponsesAnswer leaves events and items alone that it does not know", () => {
  const events = read(
    { type: "response.web_search_call.searching", output_index: 0, item_id: 7 },
    item(0, { type: "web_search_call", id: "ws" }),
    textDelta("Hi", 1),
    completed({ output: "whatever", usage: "odd" }),
  );
  assert.deepEqual(events, [{ type: "text", delta: "Hi" }, { type: "end", stop: "done" }]);
});

Deno.test("ResponsesAnswer leaves an answer without sealed reasoning nothing to carry", () => {
  const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: null };
  const end = read(item(0, reasoning), textDelta("Hi", 1), completed()).at(-1);
  assert.deepEqual(end, { type: "end", stop: "done" });
});

Deno.test("ResponsesAnswer carries what the next request puts back into its place", () => {
  const reasoning = (id: string) => ({
    type: "reasoning",
    id,
    summary: [{ type: "summary_text", text: "Think." }],
    encrypted_content: `sealed ${id}`,
  });
  const events = read(
    item(0, { ...reasoning("rs_1"), status: "completed" }),
    textDelta("I ", 1),
    textDelta("look.", 1),
    item(1, { type: "message", phase: "commentary" }),
    item(2, reasoning("rs_2")),
    item(3, { type: "function_call", call_id: "c-1", name: "Read", arguments: "{}" }),
    completed(),
  );
  const { text, calls } = heardIn(events);
  const end = events.at(-1);
  assert.ok(end?.type === "end");
  const answer: Message = {
    id: "m",
    role: "assistant",
    content: text,
    created_at: "2026-06-18T09:30:00Z",
    tool_calls: calls.map(({ id, name, arguments: written }) => ({
      id,
      type: "function",
      function: { name, arguments: written },
    })),
    metadata: carryMetadata(
      { protocol: "openai", model: "m-1" },
      JSON.parse(JSON.stringify(end.carry)),
    ),
  };
  assert.deepEqual(responsesInput([answer], "m-1"), [
    reasoning("rs_1"),
    { type: "message", role: "assistant", content: "I look.", phase: "commentary" },
    reasoning("rs_2"),
    { type: "function_call", call_id: "c-1", name: "Read", arguments: "{}" },
  ]);
});
