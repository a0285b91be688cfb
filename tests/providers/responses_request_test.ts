import { strict as assert } from "node:assert";
import { responsesRequest } from "../../src/providers/responses_request.ts";
import { REQUEST } from "./contract.ts";

const tools = [{
  type: "function",
  function: { name: "Read", description: "Reads.", parameters: { type: "object" } },
}];
const INPUT = [{ role: "user", content: "hello" }];
const OFFERED = {
  tools: [{
    type: "function",
    name: "Read",
    description: "Reads.",
    parameters: { type: "object" },
    strict: false,
  }],
  tool_choice: "auto",
};

Deno.test("responsesRequest() asks a reasoning model for sealed reasoning and stores nothing", () => {
  const request = { ...REQUEST, model: "gpt-6-luna", tools, reasoningEffort: "high" };
  assert.deepEqual(responsesRequest(request, { isRefined: true }), {
    model: "gpt-6-luna",
    input: INPUT,
    stream: true,
    store: false,
    max_output_tokens: 100,
    ...OFFERED,
    parallel_tool_calls: true,
    reasoning: { effort: "high", summary: "auto" },
    text: { verbosity: "high" },
    include: ["reasoning.encrypted_content"],
  });
});

Deno.test("responsesRequest() leaves out what a server refused", () => {
  const request = { ...REQUEST, model: "gpt-6-luna", reasoningEffort: "low" };
  assert.deepEqual(responsesRequest(request, { isRefined: false }), {
    model: "gpt-6-luna",
    input: INPUT,
    stream: true,
    store: false,
    max_output_tokens: 100,
    reasoning: { effort: "low" },
  });
});

Deno.test("responsesRequest() asks a model it does not know for nothing special", () => {
  assert.deepEqual(responsesRequest(REQUEST, { isRefined: true }), {
    model: "test-model",
    input: INPUT,
    stream: true,
    store: false,
    max_output_tokens: 100,
  });
});

Deno.test("responsesRequest() asks the o-series for no parallel calls and no verbosity", () => {
  const request = { ...REQUEST, model: "o3-pro", tools };
  assert.deepEqual(responsesRequest(request, { isRefined: true }), {
    model: "o3-pro",
    input: INPUT,
    stream: true,
    store: false,
    max_output_tokens: 100,
    ...OFFERED,
    reasoning: { summary: "auto" },
    include: ["reasoning.encrypted_content"],
  });
});

for (const [asked, sent] of [[1, 16], [15, 16], [16, 16], [17, 17]] as const) {
  Deno.test(`responsesRequest() allows ${sent} tokens when asked for ${asked}`, () => {
    const request = responsesRequest({ ...REQUEST, maxOutputTokens: asked }, { isRefined: true });
    assert.equal(request.max_output_tokens, sent);
  });
}

const efforts: readonly (readonly [string, string, string | undefined])[] = [
  ["gpt-5.4", "none", "none"],
  ["gpt-5.4", "max", "xhigh"],
  ["gpt-6-luna", "max", "max"],
  ["gpt-6-luna", "enormous", undefined],
];
for (const [model, asked, sent] of efforts) {
  Deno.test(`responsesRequest() sends effort ${sent} to ${model} when asked for "${asked}"`, () => {
    const request = { ...REQUEST, model, reasoningEffort: asked };
    assert.equal(responsesRequest(request, { isRefined: true }).reasoning?.effort, sent);
  });
}
