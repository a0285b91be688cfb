import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import type { Message } from "../../src/core/message.ts";
import { anthropicProvider } from "../../src/providers/anthropic.ts";
import { carryMetadata } from "../../src/providers/carry.ts";
import { type ModelEvent, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { type MockedAnswers, startMock } from "./aimock.ts";
import { caught, hear, heardIn, never, REQUEST } from "./contract.ts";

Deno.test("anthropicProvider() gives aimock its thinking back, as it wants", async () => {
  const call = { id: "toolu_1", name: "Read", arguments: '{"file_path":"/ü.txt"}' };
  const thoughts = {
    reasoning: "I look.",
    reasoningSignature: "c2lnbmVk",
    redactedThinking: ["x"],
  };
  await using mock = await aimock([
    { match: { hasToolResult: false }, response: { toolCalls: [call], ...thoughts } },
    { match: { hasToolResult: true }, response: { content: "Done.", usage: { input_tokens: 3 } } },
  ]);
  const thinking: unknown[] = [];
  const provider = providerAt(`${mock.url}/v1`, (body) => thinking.push(body["thinking"]));
  const model = "claude-haiku-4-5";
  const request = { ...REQUEST, model, maxOutputTokens: 8192, reasoningEffort: "high" };
  const first = await Array.fromAsync(provider.stream(request, never()));
  const asked = heardIn(first);
  assert.deepEqual([asked.reasoning, asked.calls, asked.stop], ["I look.", [call], "tool_calls"]);
  const messages = [...REQUEST.messages, ...answered(first, model)];
  const { text, stop } = await hear(provider, { ...request, messages });
  assert.deepEqual({ text, stop }, { text: "Done.", stop: "done" });
  // Without a thought to give back the second request would not ask for another.
  const enabled = { type: "enabled", budget_tokens: 4096 };
  assert.deepEqual(thinking, [enabled, enabled]);
});

Deno.test("anthropicProvider() hears a text with a call of aimock, and its refusal", async () => {
  const call = { id: "toolu_1", name: "Glob", arguments: '{"pattern":"*"}' };
  await using mock = await aimock([
    { match: { userMessage: "hello" }, response: { content: "Ich sehe 😀", toolCalls: [call] } },
    {
      match: { userMessage: "more" },
      response: { error: { message: "Overloaded", type: "overloaded_error" }, status: 529 },
    },
  ]);
  const provider = providerAt(`${mock.url}/v1`);
  const { text, calls, stop } = await hear(provider);
  assert.deepEqual({ text, calls, stop }, {
    text: "Ich sehe 😀",
    calls: [call],
    stop: "tool_calls",
  });
  const more = { ...REQUEST, messages: [message("user", "more")] };
  const error = await caught(hear(provider, more));
  assert.ok(error instanceof ProviderError);
  assert.deepEqual([error.failure, error.message], [
    "overloaded",
    "anthropic: HTTP 529: Overloaded",
  ]);
});

function providerAt(
  baseUrl: string,
  onBody: (body: Readonly<Record<string, unknown>>) => void = () => {},
): Provider {
  return anthropicProvider({
    name: "anthropic",
    clock: systemClock,
    baseUrl,
    fetch: (input, init) => {
      onBody(JSON.parse(`${init?.body}`));
      return fetch(input, init);
    },
  });
}

/** The answer as the history keeps it, with a result for its call. */
function answered(events: readonly ModelEvent[], model: string): Message[] {
  const { text, calls: [call] } = heardIn(events);
  const end = events.at(-1);
  assert.ok(call && end?.type === "end" && end.carry !== undefined);
  const { id, name, arguments: written } = call;
  return [
    {
      ...message("assistant", text),
      tool_calls: [{ id, type: "function", function: { name, arguments: written } }],
      metadata: carryMetadata({ protocol: "anthropic", model }, end.carry),
    },
    { ...message("tool", "alpha"), tool_call_id: id },
  ];
}

function message(role: Message["role"], content: string): Message {
  return { id: "m", role, content, created_at: "2026-06-18T09:30:00Z" };
}

/** Strict: refuses a loop of tools whose thinking does not come back signed. */
function aimock(answers: MockedAnswers) {
  return startMock(answers, { chunkSize: 5, strict: true });
}
