import { strict as assert } from "node:assert";
import { createServer } from "@copilotkit/aimock";
import { systemClock } from "../../src/base/clock.ts";
import { WorkerError } from "../../src/core/errors.ts";
import { openAiProvider } from "../../src/providers/openai.ts";
import { type Fetch, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { type Answer, caught, hear, heardIn, never, REQUEST, testProvider } from "./contract.ts";
import { chunk, EVENT_STREAM, eventStream, eventText, serveModel } from "./model_server.ts";

testProvider({
  name: "openai",
  serve: (answer) => {
    const server = serveModel(() => responseOf(answer));
    return Promise.resolve({
      provider: providerAt(`${server.url}/v1`),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    });
  },
});

testProvider({
  name: "openai against aimock",
  serve: async (answer) => {
    const fixture = { match: { userMessage: /.*/ }, response: mockedAnswer(answer) };
    const { server, url, videoStates } = await createServer([fixture], { chunkSize: 5 });
    return {
      provider: providerAt(`${url}/v1`),
      async [Symbol.asyncDispose]() {
        videoStates.destroy();
        const closed = Promise.withResolvers<void>();
        server.close(() => closed.resolve());
        await closed.promise;
      },
    };
  },
});

const recorded = {
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

for (const [file, expected] of Object.entries(recorded)) {
  Deno.test(`openAiProvider() hears the same in ${file} wherever it is cut`, async () => {
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

Deno.test("openAiProvider() sends one request, and no key", async () => {
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

Deno.test("openAiProvider() does not ask again when the server is overloaded", async () => {
  await using server = serveModel(() => new Response("", { status: 503 }));
  const error = await caught(hear(providerAt(server.url)));
  assert.ok(error instanceof ProviderError);
  assert.equal(error.message, "openai: HTTP 503");
  assert.equal(server.requests.length, 1);
});

Deno.test({
  name: "openAiProvider() works without any permission",
  permissions: "none",
  fn: async () => {
    const provider = play(() => eventStream(chunk({ content: "Hi" }, "stop")));
    assert.equal((await hear(provider)).text, "Hi");
  },
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
  "an empty body": {
    response: () => new Response("", { headers: EVENT_STREAM }),
    error: "protocol: openai: the stream ended without a finish reason",
  },
  "no body": {
    response: () => new Response(null, { headers: EVENT_STREAM }),
    error: "protocol: openai: the stream holds something that is no chunk",
  },
  "a chunk that is no JSON": {
    response: () => eventStream(chunk({ content: "Hi" }), '{"choices":[{'),
    error: "protocol: openai: the stream holds something that is no chunk",
  },
  "JSON that is no chunk": {
    response: () => eventStream({ choices: [{ delta: { content: 7 } }] }),
    error: "protocol: openai: the stream holds something that is no chunk",
  },
  "an HTML page with status 200": {
    response: () => new Response("<html>", { headers: { "content-type": "text/html; charset=x" } }),
    error: "protocol: openai: HTTP 200: expected an event stream, got text/html",
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
  "a connection that breaks off": {
    response: () => new Response(breakingOff("reset by peer"), { headers: EVENT_STREAM }),
    error: "network: openai: connection broke off: reset by peer",
  },
};
for (const [what, { response, error }] of Object.entries(broken)) {
  Deno.test(`openAiProvider() throws when it gets ${what}`, async () => {
    const thrown = await caught(hear(play(response)));
    assert.ok(thrown instanceof ProviderError);
    assert.equal(`${thrown.failure}: ${thrown.message}`, error);
  });
}

Deno.test("openAiProvider() throws network when nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  const error = await caught(hear(providerAt(`http://127.0.0.1:${listener.addr.port}/v1`)));
  assert.ok(error instanceof ProviderError);
  assert.equal(error.failure, "network");
  assert.match(error.message, /^openai: no connection: .*[^.]$/);
});

Deno.test("openAiProvider() ends whole when only the connection's end goes wrong", async () => {
  const said = [chunk({ content: "Hi" }, "stop")];
  const response = () => new Response(breakingOff("reset", ...said), { headers: EVENT_STREAM });
  const { text, stop } = await hear(play(response));
  assert.deepEqual({ text, stop }, { text: "Hi", stop: "done" });
});

Deno.test("openAiProvider() passes on a WorkerError of its fetch", async () => {
  const refusal = new WorkerError("budget", "Budget is used up");
  const fetches: Fetch[] = [
    () => Promise.reject(refusal),
    () => Promise.resolve(new Response(breakingOff(refusal), { headers: EVENT_STREAM })),
  ];
  for (const fetch of fetches) {
    const provider = openAiProvider({ ...options, baseUrl: "http://m.invalid", fetch });
    assert.equal(await caught(hear(provider)), refusal);
  }
});

Deno.test("openAiProvider() closes the connection when aborted while the server is silent", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const controller = new AbortController();
  const provider = providerAt(`http://127.0.0.1:${listener.addr.port}`);
  const heard = caught(Array.fromAsync(provider.stream(REQUEST, controller.signal)));
  using connection = await listener.accept();
  await connection.read(new Uint8Array(1));
  controller.abort(new Error("stop"));
  assert.deepEqual(await heard, new Error("stop"));
  // Settles only when the other side has hung up.
  for await (const _ of connection.readable);
});

Deno.test("openAiProvider() closes the connection when aborted midway", async () => {
  const { provider, closed } = talkative();
  const controller = new AbortController();
  const listen = async () => {
    for await (const _ of provider.stream(REQUEST, controller.signal)) {
      controller.abort(new Error("stop"));
    }
  };
  assert.deepEqual(await caught(listen()), new Error("stop"));
  await closed;
});

Deno.test("openAiProvider() closes the connection when aborted while it waits for more", async () => {
  const { provider, closed } = talkative();
  const controller = new AbortController();
  const stream = provider.stream(REQUEST, controller.signal)[Symbol.asyncIterator]();
  await stream.next();
  const more = caught(stream.next());
  controller.abort(new Error("stop"));
  assert.deepEqual(await more, new Error("stop"));
  await closed;
});

Deno.test("openAiProvider() closes the connection when its reader stops", async () => {
  const { provider, closed } = talkative();
  for await (const _ of provider.stream(REQUEST, never())) break;
  await closed;
});

Deno.test("openAiProvider() closes the connection when a chunk makes no sense", async () => {
  const { provider, closed } = talkative("nonsense");
  assert.ok(await caught(hear(provider)) instanceof ProviderError);
  await closed;
});

Deno.test("openAiProvider() serves two requests at once", async () => {
  const provider = play(() => eventStream(chunk({ content: "Hi" }, "stop")));
  const [one, two] = await Promise.all([hear(provider), hear(provider)]);
  assert.deepEqual([one.text, two.text], ["Hi", "Hi"]);
});

Deno.test("openAiProvider() makes ids for calls that have none", async () => {
  const calls = [
    { index: 0, function: { name: "Read", arguments: "{}" } },
    { index: 1, function: { name: "Read", arguments: "{}" } },
  ];
  const provider = play(() => eventStream(chunk({ tool_calls: calls }, "stop")));
  const heard = heardIn(await Array.fromAsync(provider.stream(REQUEST, never())));
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

/** Says one chunk and stays connected; `closed` settles when the other side hangs up. */
function talkative(words: unknown = chunk({ content: "Hi" })) {
  const closed = Promise.withResolvers<void>();
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(eventText(words))),
      cancel: () => closed.resolve(),
    });
  const provider = play(() => new Response(body(), { headers: EVENT_STREAM }));
  return { provider, closed: closed.promise };
}

function breakingOff(why: string | Error, ...chunks: unknown[]): ReadableStream<Uint8Array> {
  let asked = 0;
  return new ReadableStream({
    pull(controller) {
      if (asked++ > 0) return controller.error(typeof why === "string" ? new TypeError(why) : why);
      controller.enqueue(new TextEncoder().encode(eventText(chunk({}), ...chunks)));
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

function mockedAnswer({ reasoning, text = [], calls, usage, failure }: Answer) {
  if (failure) return { error: { message: failure.message }, status: failure.status };
  const extras = {
    ...(reasoning !== undefined && { reasoning }),
    ...(usage && { usage: { prompt_tokens: usage.prompt, completion_tokens: usage.completion } }),
  };
  if (!calls) return { content: text.join(""), ...extras };
  const toolCalls = [...calls];
  return text.length > 0
    ? { content: text.join(""), toolCalls, ...extras }
    : { toolCalls, ...extras };
}
