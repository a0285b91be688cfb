import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { isObject } from "../../src/core/schema.ts";
import { anthropicProvider } from "../../src/providers/anthropic.ts";
import { type Provider, ProviderError } from "../../src/providers/provider.ts";
import {
  callBlock,
  hi,
  messageDelta,
  messageStart,
  textBlock,
  thinkingBlock,
  wire,
  wireText,
} from "./anthropic_events.ts";
import { type Answer, caught, hear, heardIn, never, REQUEST, testProvider } from "./contract.ts";
import { EVENT_STREAM, serveModel } from "./model_server.ts";
import { testWire } from "./wire_contract.ts";

testProvider({
  name: "anthropic",
  serve: (answer) => {
    const server = serveModel(() => responseOf(answer));
    return Promise.resolve({
      provider: providerAt(`${server.url}/v1`),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    });
  },
});

testWire("anthropic", {
  provider: (given) => anthropicProvider({ ...options, ...given }),
  respond: responseOf,
  limitOf: (body) => isObject(body) ? body["max_tokens"] : undefined,
});

const usage = (promptTokens: number, completionTokens: number, read = 0, written = 0) => ({
  promptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens,
  cachedPromptTokens: read,
  cacheWriteTokens: written,
});

const written: Readonly<Record<string, { heard: unknown; carry?: unknown }>> = {
  "text_from_cache.txt": {
    heard: {
      reasoning: "",
      text: "Grüße aus 東京 😀\nfertig.",
      calls: [],
      stop: "done",
      usage: usage(2569, 14, 2048, 512),
    },
  },
  "thinking_tool_use.txt": {
    heard: {
      reasoning: "The file tells; I read it…",
      text: "I read it.",
      calls: [{
        id: "toolu_01T1x1fJ34qAmk2tNTrN7Up6",
        name: "Read",
        arguments: '{"file_path": "/ü.txt"}',
      }],
      stop: "tool_calls",
      usage: { ...usage(410, 89), reasoningTokens: 31 },
    },
    carry: {
      blocks: [
        {
          type: "thinking",
          thinking: "The file tells; I read it…",
          signature: "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds+/=",
        },
        { type: "text", length: 10 },
        { type: "tool_use", id: "toolu_01T1x1fJ34qAmk2tNTrN7Up6" },
      ],
    },
  },
  "parallel_tools.txt": {
    heard: {
      reasoning: "",
      text: "",
      calls: [
        { id: "toolu_01A", name: "Read", arguments: '{"file_path":"/a.txt"}' },
        { id: "toolu_01B", name: "Workspace", arguments: "{}" },
        { id: "toolu_01C", name: "Glob", arguments: '{"pattern":"**/*"}' },
      ],
      stop: "tool_calls",
      usage: usage(85, 61),
    },
  },
  "redacted_thinking.txt": {
    heard: {
      reasoning: "Fine.",
      text: "Done.",
      calls: [],
      stop: "done",
      usage: usage(50, 40),
    },
    carry: {
      blocks: [
        {
          type: "redacted_thinking",
          data: "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpP",
        },
        { type: "thinking", thinking: "Fine.", signature: "sig-2" },
        { type: "text", length: 5 },
      ],
    },
  },
  "adaptive_between_tools.txt": {
    heard: {
      reasoning: "And the tests.",
      text: "",
      calls: [
        { id: "toolu_01D", name: "Glob", arguments: '{"pattern":"*"}' },
        { id: "toolu_01E", name: "Grep", arguments: '{"pattern":"test"}' },
      ],
      stop: "tool_calls",
      usage: usage(700, 120),
    },
    carry: {
      blocks: [
        { type: "thinking", thinking: "", signature: "ErUBCkYIBxgCIkC=" },
        { type: "tool_use", id: "toolu_01D" },
        { type: "thinking", thinking: "And the tests.", signature: "ErUBCkYIBxgCIkD=" },
        { type: "tool_use", id: "toolu_01E" },
      ],
    },
  },
  "max_tokens.txt": {
    heard: {
      reasoning: "",
      text: "cut",
      calls: [{ id: "toolu_01F", name: "Write", arguments: '{"file_path":"/a' }],
      stop: "max_tokens",
      usage: usage(30, 16),
    },
  },
  "other_server.txt": {
    heard: {
      reasoning: "hm",
      text: "I look.",
      calls: [{ id: "c1", name: "Glob", arguments: '{"path":"."}' }],
      stop: "tool_calls",
      usage: { promptTokens: 12, completionTokens: 5, totalTokens: 17 },
    },
  },
};
for (const [file, { heard, carry }] of Object.entries(written)) {
  Deno.test(`anthropicProvider() hears the same in ${file} wherever it is cut`, async () => {
    const bytes = await fixture(file);
    const expected = { heard, carry };
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    assert.deepEqual(await hearWithCarry(replay(single)), expected, "byte by byte");
    for (let cut = 0; cut < bytes.length; cut++) {
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
      assert.deepEqual(await hearWithCarry(replay(pieces)), expected, `cut at ${cut}`);
    }
  });
}

Deno.test("anthropicProvider() tells an overload in the stream wherever it is cut", async () => {
  const bytes = await fixture("overloaded.txt");
  for (let cut = 0; cut < bytes.length; cut++) {
    const error = await caught(hear(replay([bytes.subarray(0, cut), bytes.subarray(cut)])));
    assert.ok(error instanceof ProviderError);
    assert.deepEqual([error.failure, error.message], [
      "overloaded",
      "anthropic: error in the stream: Overloaded",
    ], `cut at ${cut}`);
  }
});

Deno.test("anthropicProvider() sends one request, with its version and betas", async () => {
  const asked: unknown[] = [];
  await using server = serveModel((request) => {
    const header = (name: string) => request.headers.get(name);
    asked.push([
      new URL(request.url).pathname,
      header("anthropic-version"),
      header("anthropic-beta"),
    ]);
    return wire(...hi());
  });
  const provider = providerAt(`${server.url}/v1`);
  await hear(provider);
  await hear(provider, { ...REQUEST, model: "claude-opus-5-5" });
  assert.deepEqual(asked, [
    ["/v1/messages", "2023-06-01", null],
    ["/v1/messages", "2023-06-01", "thinking-binding-controls-2026-08-01"],
  ]);
  assert.deepEqual(server.requests[0], {
    model: "test-model",
    max_tokens: 100,
    stream: true,
    messages: [{
      role: "user",
      content: [{
        type: "text",
        text: "hello",
        cache_control: { type: "ephemeral", ttl: "1h" },
      }],
    }],
  });
});

// status, type, message, failure
const failures: readonly (readonly [number, string, string, string])[] = [
  [400, "invalid_request_error", "max_tokens: Field required", "invalid_request"],
  [
    400,
    "invalid_request_error",
    "prompt is too long: 208310 tokens > 200000 maximum",
    "context_overflow",
  ],
  [
    400,
    "invalid_request_error",
    "input length and `max_tokens` exceed context limit: 199759 + 8192 > 200000, decrease input",
    "context_overflow",
  ],
  [400, "invalid_request_error", "The word prompt is too long", "invalid_request"],
  [401, "authentication_error", "prompt is too long", "auth"],
  [402, "billing_error", "Check your payment", "invalid_request"],
  [403, "permission_error", "Not yours", "auth"],
  [404, "not_found_error", "model: claude-9", "invalid_request"],
  [409, "conflict_error", "Again", "overloaded"],
  [413, "request_too_large", "Request exceeds the maximum size", "context_overflow"],
  [429, "rate_limit_error", "Slow down", "rate_limit"],
  [500, "api_error", "Internal server error", "overloaded"],
  [504, "timeout_error", "Too slow", "overloaded"],
  [529, "overloaded_error", "Overloaded", "overloaded"],
];
for (const [status, type, message, failure] of failures) {
  Deno.test(`anthropicProvider() throws ${failure} for ${type}: ${message}`, async () => {
    const body = { type: "error", error: { type, message, details: null }, request_id: "req_1" };
    const asked = await caught(hear(play(() => Response.json(body, { status }))));
    assert.ok(asked instanceof ProviderError);
    const told = `anthropic: HTTP ${status}: ${message}`;
    assert.deepEqual([asked.failure, asked.message], [failure, told]);
    const midway = `event: error\ndata: ${JSON.stringify(body)}\n\n`;
    const streamed = await caught(hear(play(() => wire(messageStart(), midway))));
    assert.ok(streamed instanceof ProviderError);
    assert.deepEqual([streamed.failure, streamed.message], [
      failure,
      `anthropic: error in the stream: ${message}`,
    ]);
  });
}

const broken: Readonly<Record<string, { response: () => Response; error: string }>> = {
  "half a stream": {
    response: () => wire(messageStart(), ...textBlock(0, "Hal")),
    error: "protocol: anthropic: the stream ended without a stop reason",
  },
  "an event that is none of the API's": {
    response: () => wire(messageStart(), { type: "content_block_start", index: "one" }),
    error: "protocol: anthropic: the stream holds something that is no event",
  },
  "an error of a kind it does not know": {
    response: () => wire({ type: "error", error: { type: "new_error", message: "Oh" } }),
    error: "protocol: anthropic: error in the stream: Oh",
  },
  "an error that is no object": {
    response: () => wire('event: error\ndata: "Oh"\n\n'),
    error: "protocol: anthropic: error in the stream: Oh",
  },
};
for (const [what, { response, error }] of Object.entries(broken)) {
  Deno.test(`anthropicProvider() throws when it gets ${what}`, async () => {
    const thrown = await caught(hear(play(response)));
    assert.ok(thrown instanceof ProviderError);
    assert.equal(`${thrown.failure}: ${thrown.message}`, error);
  });
}

Deno.test("anthropicProvider() ends whole when only the connection's end goes wrong", async () => {
  const said = new TextEncoder().encode(wireText(hi().slice(0, -1)));
  let asked = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (asked++ > 0) controller.error(new TypeError("reset"));
      else controller.enqueue(said);
    },
  }, { highWaterMark: 0 });
  const { text, stop } = await hear(play(() => new Response(body, { headers: EVENT_STREAM })));
  assert.deepEqual({ text, stop }, { text: "Hi", stop: "done" });
});

Deno.test("anthropicProvider() makes ids for calls that have none", async () => {
  const call = callBlock(0, { name: "Read", pieces: [] });
  const { calls } = await hear(play(() => wire(messageStart(), ...call, messageDelta("tool_use"))));
  assert.match(calls[0]?.id ?? "", /^call_[0-9a-f-]{36}$/);
});

const options = { name: "anthropic", clock: systemClock };

function providerAt(baseUrl: string): Provider {
  return anthropicProvider({ ...options, baseUrl, fetch });
}

function play(response: () => Response): Provider {
  const fetch = () => Promise.resolve(response());
  return anthropicProvider({ ...options, baseUrl: "http://model.invalid/v1", fetch });
}

function replay(pieces: readonly Uint8Array<ArrayBuffer>[]): Provider {
  return play(() => new Response(ReadableStream.from(pieces), { headers: EVENT_STREAM }));
}

function fixture(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`../fixtures/providers/anthropic/${file}`, import.meta.url));
}

async function hearWithCarry(provider: Provider) {
  const events = await Array.fromAsync(provider.stream(REQUEST, never()));
  const end = events.at(-1);
  return { heard: heardIn(events), carry: end?.type === "end" ? end.carry : undefined };
}

function responseOf({ reasoning, text = [], calls = [], usage, failure }: Answer): Response {
  if (failure) {
    const error = { type: "some_error", message: failure.message };
    return Response.json({ type: "error", error }, { status: failure.status });
  }
  const blocks = [
    ...(reasoning === undefined ? [] : [(at: number) => thinkingBlock(at, reasoning, "sig")]),
    ...(text.length === 0 ? [] : [(at: number) => textBlock(at, ...text)]),
    ...calls.map((call) => (at: number) => {
      const pieces = [call.arguments.slice(0, 5), call.arguments.slice(5)];
      return callBlock(at, { ...call, pieces });
    }),
  ];
  return wire(
    messageStart({ input_tokens: usage?.prompt ?? 1, output_tokens: 1 }),
    ...blocks.flatMap((block, at) => block(at)),
    messageDelta(calls.length > 0 ? "tool_use" : "end_turn", {
      output_tokens: usage?.completion ?? 1,
    }),
    { type: "message_stop" },
  );
}
