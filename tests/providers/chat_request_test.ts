import { strict as assert } from "node:assert";
import { chatRequest } from "../../src/providers/chat_request.ts";
import { REQUEST } from "./contract.ts";

const tools = [{
  type: "function",
  function: { name: "Read", description: "Reads.", parameters: { type: "object" } },
}];

Deno.test("chatRequest() offers the tools in an array", () => {
  assert.deepEqual(chatRequest({ ...REQUEST, tools, reasoningEffort: "low" }), {
    model: "test-model",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 100,
    tools: [{
      type: "function",
      function: { name: "Read", description: "Reads.", parameters: { type: "object" } },
    }],
    parallel_tool_calls: true,
    reasoning_effort: "low",
  });
});

// model, which limit, are parallel calls asked for, effort when none is given
const byModel: readonly (readonly [string, string, boolean, string | undefined])[] = [
  ["gpt-4o-mini", "max_tokens", true, undefined],
  ["gpt-4.1", "max_tokens", true, undefined],
  ["chatgpt-4o-latest", "max_tokens", true, undefined],
  ["gpt-oss-120b", "max_tokens", true, undefined],
  ["olmo-2", "max_tokens", true, undefined],
  ["o1x", "max_tokens", true, undefined],
  ["foo1-mini", "max_tokens", true, undefined],
  ["qwen3:8b", "max_tokens", true, undefined],
  ["o1", "max_completion_tokens", false, undefined],
  ["o3-mini-2025-01-31", "max_completion_tokens", false, undefined],
  ["openai/o4-mini", "max_completion_tokens", false, undefined],
  ["gpt-5", "max_completion_tokens", true, undefined],
  ["gpt-5-mini", "max_completion_tokens", true, undefined],
  ["gpt-5.3-chat-latest", "max_completion_tokens", true, undefined],
  ["gpt-5.4-mini", "max_completion_tokens", true, "none"],
  ["gpt-5.6-luna", "max_completion_tokens", true, "none"],
  ["openai/gpt-5.6-luna", "max_completion_tokens", true, undefined],
  ["gpt-6-luna", "max_completion_tokens", true, "none"],
  ["gpt-6.1-terra", "max_completion_tokens", true, "none"],
  ["gpt-6-astra", "max_completion_tokens", true, undefined],
  ["gpt-6.1-sol", "max_completion_tokens", true, undefined],
];
for (const [model, limit, parallel, effort] of byModel) {
  Deno.test(`chatRequest() asks as ${model} wants to be asked`, () => {
    const { max_tokens, max_completion_tokens, ...rest } = chatRequest({
      ...REQUEST,
      model,
      tools,
    });
    assert.deepEqual(
      {
        limits: { max_tokens, max_completion_tokens },
        parallel: rest.parallel_tool_calls,
        effort: rest.reasoning_effort,
      },
      {
        limits: { max_tokens: undefined, max_completion_tokens: undefined, [limit]: 100 },
        parallel: parallel ? true : undefined,
        effort,
      },
    );
  });
}

Deno.test("chatRequest() leaves the effort of a model without tools alone", () => {
  const { reasoning_effort } = chatRequest({ ...REQUEST, model: "gpt-5.6-luna" });
  assert.equal(reasoning_effort, undefined);
});

const efforts: readonly (readonly [string, string, string | undefined])[] = [
  ["test-model", "none", "none"],
  ["test-model", "minimal", "minimal"],
  ["test-model", "high", "high"],
  ["test-model", "xhigh", "xhigh"],
  ["test-model", "max", "xhigh"],
  ["test-model", "enormous", undefined],
  ["test-model", "", undefined],
  ["gemini-3-flash", "max", "high"],
  ["models/google/x", "xhigh", "high"],
  ["gemini-3-flash", "low", "low"],
  ["gpt-5.6-luna", "high", "high"],
];
for (const [model, asked, sent] of efforts) {
  Deno.test(`chatRequest() sends effort ${sent} to ${model} when asked for "${asked}"`, () => {
    const { reasoning_effort } = chatRequest({ ...REQUEST, model, tools, reasoningEffort: asked });
    assert.equal(reasoning_effort, sent);
  });
}
