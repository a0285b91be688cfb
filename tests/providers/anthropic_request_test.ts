import { strict as assert } from "node:assert";
import type { Message } from "../../src/core/message.ts";
import { anthropicRequest, betasOf } from "../../src/providers/anthropic_request.ts";
import { carryMetadata } from "../../src/providers/carry.ts";
import { REQUEST } from "./contract.ts";

const cached = { cache_control: { type: "ephemeral", ttl: "1h" } };
const hello = { role: "user", content: [{ type: "text", text: "hello", ...cached }] };

Deno.test("anthropicRequest() leaves out what there is none of", () => {
  assert.deepEqual(anthropicRequest(REQUEST), {
    model: "test-model",
    max_tokens: 100,
    stream: true,
    messages: [hello],
  });
});

Deno.test("anthropicRequest() caches tools, system and the last message", () => {
  const tool = (name: string, parameters: unknown) => ({
    type: "function",
    function: { name, description: `${name}s.`, parameters },
  });
  const system = { ...message("system", "Be careful."), id: "s" };
  const schema = { properties: { a: { type: "string" } }, required: ["a"], type: "object" };
  assert.deepEqual(
    anthropicRequest({
      ...REQUEST,
      messages: [system, { ...system, content: "And brief." }, ...REQUEST.messages],
      tools: [tool("Read", schema), tool("Glob", {}), tool("Grep", null)],
    }),
    {
      model: "test-model",
      max_tokens: 100,
      stream: true,
      system: [{ type: "text", text: "Be careful." }, {
        type: "text",
        text: "And brief.",
        ...cached,
      }],
      messages: [hello],
      tools: [
        { name: "Read", description: "Reads.", input_schema: schema },
        { name: "Glob", description: "Globs.", input_schema: { type: "object" } },
        { name: "Grep", description: "Greps.", input_schema: { type: "object" }, ...cached },
      ],
    },
  );
});

const budget = (budget_tokens: number) => ({ thinking: { type: "enabled", budget_tokens } });
const adaptive = { type: "adaptive", display: "summarized" };
const binding = { ...adaptive, block_binding: { prefix_mismatch_behavior: "drop_block" } };
const effort = (effort: string, thinking: unknown = adaptive) => ({
  thinking,
  output_config: { effort },
});
const none = {};
const unasked = { thinking: adaptive };
const unaskedBinding = { thinking: binding };

// model; what is asked of it for no effort, low, medium, xhigh, max and an unknown one
const byModel: Readonly<Record<string, readonly unknown[]>> = {
  "claude-3-opus-20240229": [none, none, none, none, none, none],
  "claude-3-5-sonnet-latest": [none, none, none, none, none, none],
  "claude-3-7-sonnet-20250219": [none, none, budget(1024), budget(8192), budget(8192), none],
  "claude-sonnet-4-20250514": [none, none, budget(1024), budget(8192), budget(8192), none],
  "claude-opus-4-5-20251101": [none, none, budget(1024), budget(8192), budget(8192), none],
  "kimi-k3": [none, none, budget(1024), budget(8192), budget(8192), none],
  "claude-sonnet-4-6": [
    none,
    effort("low"),
    effort("medium"),
    effort("high"),
    effort("max"),
    none,
  ],
  "claude-opus-4-7": [none, effort("low"), effort("medium"), effort("xhigh"), effort("max"), none],
  "anthropic/claude-opus-4.8": [
    none,
    effort("low"),
    effort("medium"),
    effort("xhigh"),
    effort("max"),
    none,
  ],
  "claude-sonnet-5": [
    unasked,
    effort("low"),
    effort("medium"),
    effort("xhigh"),
    effort("max"),
    unasked,
  ],
  "claude-mythos-preview": [
    unasked,
    effort("low"),
    effort("medium"),
    effort("xhigh"),
    effort("max"),
    unasked,
  ],
  "claude-opus-5-20260724": [
    unasked,
    effort("low"),
    effort("medium"),
    effort("xhigh"),
    effort("max"),
    unasked,
  ],
  "claude-haiku-5-5": [
    unaskedBinding,
    effort("low", binding),
    effort("medium", binding),
    effort("xhigh", binding),
    effort("max", binding),
    unaskedBinding,
  ],
  "claude-fable-10": [
    unaskedBinding,
    effort("low", binding),
    effort("medium", binding),
    effort("xhigh", binding),
    effort("max", binding),
    unaskedBinding,
  ],
  "anthropic/claude-opus-5.5": [
    unasked,
    effort("low"),
    effort("medium"),
    effort("xhigh"),
    effort("max"),
    unasked,
  ],
};
const EFFORTS = [undefined, "low", "medium", "xhigh", "max", "toString"];
for (const [model, asked] of Object.entries(byModel)) {
  Deno.test(`anthropicRequest() asks ${model} to think as it can be asked`, () => {
    const got = EFFORTS.map((reasoningEffort) => {
      const request = { ...REQUEST, model, maxOutputTokens: 32_000, reasoningEffort };
      const { thinking, output_config } = anthropicRequest(request);
      return { ...(thinking && { thinking }), ...(output_config && { output_config }) };
    });
    assert.deepEqual(got, asked);
  });
}

// maxOutputTokens, budget
const limits: readonly (readonly [number, unknown])[] = [
  [8192 + 128, 8192],
  [8192 + 127, 8191],
  [1024 + 128, 1024],
  [1024 + 127, undefined],
  [1, undefined],
];
for (const [maxOutputTokens, expected] of limits) {
  Deno.test(`anthropicRequest() gives thinking ${expected} of ${maxOutputTokens} tokens`, () => {
    const model = "claude-haiku-4-5";
    const { thinking } = anthropicRequest({
      ...REQUEST,
      model,
      maxOutputTokens,
      reasoningEffort: "max",
    });
    assert.equal(
      thinking && "budget_tokens" in thinking ? thinking.budget_tokens : undefined,
      expected,
    );
  });
}

const model = "claude-haiku-4-5";
const thought = carryMetadata({ protocol: "anthropic", model }, {
  blocks: [{ type: "redacted_thinking", data: "x" }],
});
const asking: Message = {
  ...message("assistant", ""),
  tool_calls: [{ id: "c", type: "function", function: { name: "Read", arguments: "{}" } }],
};
const result: Message = { ...message("tool", "a"), tool_call_id: "c" };
const user = message("user", "go on");
const loops: Readonly<Record<string, { messages: readonly Message[]; thinks: boolean }>> = {
  "that began with thinking": {
    messages: [user, { ...asking, metadata: thought }, result, asking, result],
    thinks: true,
  },
  "that began without": {
    messages: [user, asking, result, { ...asking, metadata: thought }, result],
    thinks: false,
  },
  "that began without, into which the user spoke": {
    messages: [user, asking, result, user],
    thinks: false,
  },
  "before the newest question": {
    messages: [user, asking, result, message("assistant", "Done."), user],
    thinks: true,
  },
};
for (const [what, { messages, thinks }] of Object.entries(loops)) {
  Deno.test(`anthropicRequest() ${thinks ? "thinks" : "does not think"} after calls ${what}`, () => {
    const request = { ...REQUEST, model, messages, reasoningEffort: "high" };
    const { thinking } = anthropicRequest({ ...request, maxOutputTokens: 32_000 });
    assert.equal(thinking !== undefined, thinks);
  });
}

Deno.test("betasOf() names what a request needs", () => {
  const betas = ["claude-opus-5-5", "claude-opus-5", "claude-haiku-4-5"].map((name) =>
    betasOf(anthropicRequest({ ...REQUEST, model: name, reasoningEffort: "high" }))
  );
  assert.deepEqual(betas, [["thinking-binding-controls-2026-08-01"], [], []]);
});

function message(role: Message["role"], content: string): Message {
  return { id: "m", role, content, created_at: "2026-06-18T09:30:00Z" };
}
