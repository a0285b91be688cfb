import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { isObject } from "../../src/core/schema.ts";
import { openAiProvider } from "../../src/providers/openai.ts";
import { type Provider, ProviderError } from "../../src/providers/provider.ts";
import { serveMock } from "./aimock.ts";
import { type Answer, caught, hear, testProvider } from "./contract.ts";
import { chunk, EVENT_STREAM, eventStream, eventText, serveModel } from "./model_server.ts";
import { testWire } from "./wire_contract.ts";

testProvider({
  name: "chat",
  serve: (answer) => {
    const server = serveModel(() => responseOf(answer));
    return Promise.resolve({
      provider: providerAt(`${server.url}/v1`),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    });
  },
});

testProvider({ name: "chat against aimock", serve: (answer) => serveMock(answer, providerAt) });

testWire("chat", {
  provider: (given) => openAiProvider({ ...options, ...given }),
  respond: responseOf,
  limitOf: (body) => isObject(body) ? body["max_tokens"] : undefined,
});

const written = {
  "text.txt": {
    reasoning: "",
    text: "Grüße aus 東京 😀\nfertig.",
    calls: [],
    stop: "done",
    usage: {
      promptTokens: 19,
      completionTokens: 10,
      totalTokens: 29,
      cachedPromptTokens: 16,
      reasoningTokens: 0,
    },
  },
  "reasoning.txt": {
    reasoning: "Two and two…",
    text: "Four.",
    calls: [],
    stop: "done",
    usage: {
      promptTokens: 12,
      completionTokens: 30,
      totalTokens: 42,
      cachedPromptTokens: 0,
      reasoningTokens: 27,
    },
  },
  "tool_calls_interleaved.txt": {
    reasoning: "",
    text: "",
    calls: [
      { id: "call_A1", name: "Read", arguments: '{"file_path":"/ü.txt"}' },
      { id: "call_B2", name: "Glob", arguments: '{"pattern":"**/*"}' },
    ],
    stop: "tool_calls",
    usage: { promptTokens: 85, completionTokens: 41, totalTokens: 126 },
  },
  "local_server.txt": {
    reasoning: "hm",
    text: "I look.",
    calls: [
      { id: "c1", name: "Glob", arguments: '{"path":"."}' },
      { id: "c2", name: "Workspace", arguments: "{}" },
    ],
    stop: "tool_calls",
    usage: undefined,
  },
  "length.txt": {
    reasoning: "",
    text: "cut",
    calls: [{ id: "call_C3", name: "Write", arguments: '{"file_path":"/a' }],
    stop: "max_tokens",
    usage: undefined,
  },
} as const;

for (const [file, expected] of Object.entries(written)) {
  Deno.test(`streamChat() hears the same in ${file} wherever it is cut`, async () => {
    const url = new URL(`../fixtures/providers/openai/${file}`, import.meta.url);
    const bytes = await Deno.readFile(url);
    const whole = Array.from(bytes, (byte) => Uint8Array.of(byte));
    assert.deepEqual(await hear(replay(whole)), expected, "byte by byte");
    for (let cut = 0; cut < bytes.length; cut++) {
      const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
      assert.deepEqual(await hear(replay(pieces)), expected, `cut at ${cut}`);
    }
  });
}

Deno.test("streamChat() sends one request, and no key", async () => {
  const headers: (string | null)[] = [];
  await using server = serveModel((request) => {
    headers.push(new URL(request.url).pathname, request.headers.get("authorization"));
    return eventStream(chunk({ content: "Hi" }, "stop"));
  });
  await hear(providerAt(`${server.url}/v1`));
  assert.deepEqual(headers, ["/v1/chat/completions", null]);
  assert.deepEqual(server.requests, [{
    model: "test-model",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 100,
  }]);
});

const broken: Readonly<Record<string, { response: () => Response; error: string }>> = {
  "half a stream": {
    response: () => eventStream(chunk({ content: "Hal" })),
    error: "protocol: openai: the stream ended without a finish reason",
  },
  "a stream that says only that it is done": {
    response: () => eventStream("[DONE]"),
    error: "protocol: openai: the stream ended without a finish reason",
  },
  "a chunk that is no JSON": {
    response: () => eventStream(chunk({ content: "Hi" }), '{"choices":[{'),
    error: "protocol: openai: the stream holds something that is no chunk",
  },
  "JSON that is no chunk": {
    response: () => eventStream({ choices: [{ delta: { content: 7 } }] }),
    error: "protocol: openai: the stream holds something that is no chunk",
  },
  "an error object with status 200": {
    response: () => Response.json({ error: { message: "Bad key", code: 401 } }),
    error: "protocol: openai: HTTP 200: Bad key",
  },
  "an error inside the stream": {
    response: () =>
      eventStream(chunk({ content: "Hi" }), {
        error: { message: "The server had an error", type: "server_error", code: null },
      }),
    error: "overloaded: openai: error in the stream: The server had an error",
  },
  "an error event": {
    response: () =>
      new Response(`event: error\ndata: {"message":"slow down","code":429}\n\n`, {
        headers: EVENT_STREAM,
      }),
    error: "rate_limit: openai: error in the stream: slow down",
  },
};
for (const [what, { response, error }] of Object.entries(broken)) {
  Deno.test(`streamChat() throws when it gets ${what}`, async () => {
    const thrown = await caught(hear(play(response)));
    assert.ok(thrown instanceof ProviderError);
    assert.equal(`${thrown.failure}: ${thrown.message}`, error);
  });
}

Deno.test("streamChat() ends whole when only the connection's end goes wrong", async () => {
  const said = [chunk({ content: "Hi" }, "stop")];
  const response = () => new Response(breakingOff(...said), { headers: EVENT_STREAM });
  const { text, stop } = await hear(play(response));
  assert.deepEqual({ text, stop }, { text: "Hi", stop: "done" });
});

Deno.test("streamChat() makes ids for calls that have none", async () => {
  const calls = [
    { index: 0, function: { name: "Read", arguments: "{}" } },
    { index: 1, function: { name: "Read", arguments: "{}" } },
  ];
  const provider = play(() => eventStream(chunk({ tool_calls: calls }, "stop")));
  const heard = await hear(provider);
  assert.equal(new Set(heard.calls.map((call) => call.id)).size, 2);
  assert.match(heard.calls[0]?.id ?? "", /^call_[0-9a-f-]{36}$/);
});

const options = { name: "openai", clock: systemClock };

function providerAt(baseUrl: string): Provider {
  return openAiProvider({ ...options, baseUrl, fetch });
}

function play(response: () => Response): Provider {
  const fetch = () => Promise.resolve(response());
  return openAiProvider({ ...options, baseUrl: "http://model.invalid/v1", fetch });
}

function replay(pieces: readonly Uint8Array<ArrayBuffer>[]): Provider {
  return play(() => new Response(ReadableStream.from(pieces), { headers: EVENT_STREAM }));
}

/** Its end comes as a failure. */
function breakingOff(...chunks: unknown[]): ReadableStream<Uint8Array> {
  let asked = 0;
  return new ReadableStream({
    pull(controller) {
      if (asked++ > 0) return controller.error(new TypeError("reset"));
      controller.enqueue(new TextEncoder().encode(eventText(...chunks)));
    },
  }, { highWaterMark: 0 });
}

function responseOf({ reasoning, text = [], calls = [], usage, failure }: Answer): Response {
  if (failure) {
    const error = { message: failure.message, type: "some_error", param: null, code: null };
    return Response.json({ error }, { status: failure.status });
  }
  const parts = calls.map((call, index) => ({
    index,
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: call.arguments },
  }));
  return eventStream(
    chunk({ role: "assistant", content: "" }),
    ...(reasoning === undefined ? [] : [chunk({ reasoning_content: reasoning })]),
    ...text.map((content) => chunk({ content })),
    ...parts.map((part) => chunk({ tool_calls: [part] })),
    chunk({}, calls.length > 0 ? "tool_calls" : "stop"),
    ...(usage ? [usageChunk(usage)] : []),
    "[DONE]",
  );
}

function usageChunk({ prompt, completion }: NonNullable<Answer["usage"]>): unknown {
  return { choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion } };
}
