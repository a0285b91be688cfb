import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { geminiProvider } from "../../src/providers/gemini.ts";
import { type Fetch, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { type MockedAnswer, startMock } from "./aimock.ts";
import { caught, hear, heardIn, never, REQUEST, testProvider } from "./contract.ts";
import { chunkOf, responseOf } from "./gemini_wire.ts";
import { EVENT_STREAM, eventStream, serveModel } from "./model_server.ts";
import { testWire } from "./wire_contract.ts";

testProvider({
  name: "gemini",
  serve: (answer) => {
    const server = serveModel(() => responseOf(answer));
    return Promise.resolve({
      provider: providerAt({ baseUrl: `${server.url}/v1beta`, fetch }),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    });
  },
});

testWire("gemini", {
  provider: providerAt,
  respond: responseOf,
  limitOf: (body) => JSON.parse(JSON.stringify(body)).generationConfig.maxOutputTokens,
});

const counted = { promptTokens: 19, completionTokens: 8, totalTokens: 27 };
const written = {
  "text.txt": {
    reasoning: "",
    text: "Grüße aus 東京 😀\nfertig.",
    calls: [],
    stop: "done",
    usage: { ...counted, cachedPromptTokens: 16 },
    carry: undefined,
  },
  "thoughts_and_call.txt": {
    reasoning: "**Reading**\n\nThe file first…",
    text: "I look at it.",
    calls: [{ id: "8f2b1c9e", name: "Read", arguments: '{"file_path":"/ü.txt","limit":3}' }],
    stop: "tool_calls",
    usage: { promptTokens: 104, completionTokens: 57, totalTokens: 161, reasoningTokens: 36 },
    carry: {
      parts: [{ type: "text", length: 13 }, { type: "call", signature: "EpwCCpkCAb4+9vt=" }],
    },
  },
  "parallel_calls.txt": {
    reasoning: "",
    text: "",
    calls: [
      { id: "new-1", name: "Glob", arguments: '{"pattern":"**/*"}' },
      { id: "new-2", name: "Workspace", arguments: "{}" },
      { id: "new-3", name: "Glob", arguments: '{"pattern":"*.md"}' },
    ],
    stop: "tool_calls",
    usage: { promptTokens: 77, completionTokens: 54, totalTokens: 131, reasoningTokens: 13 },
    carry: {
      parts: [{ type: "call", signature: "CuQBAdHtim9=" }, { type: "call" }, { type: "call" }],
    },
  },
  "signed_text.txt": {
    reasoning: "",
    text: "Four.",
    calls: [],
    stop: "done",
    usage: { promptTokens: 12, completionTokens: 49, totalTokens: 61, reasoningTokens: 47 },
    carry: {
      parts: [
        { type: "text", length: 5 },
        { type: "text", length: 0, signature: "EqoBCqcBAdHtim8=" },
      ],
    },
  },
  "blocked.txt": {
    reasoning: "",
    text: "",
    calls: [],
    stop: "refused",
    usage: { promptTokens: 9, completionTokens: 0, totalTokens: 9 },
    carry: undefined,
  },
  "max_tokens.txt": {
    reasoning: "",
    text: "cut off",
    calls: [],
    stop: "max_tokens",
    usage: { promptTokens: 5, completionTokens: 3, totalTokens: 8 },
    carry: undefined,
  },
} as const;

for (const [file, expected] of Object.entries(written)) {
  Deno.test(`geminiProvider() hears the same in ${file} wherever it is cut`, async () => {
    for (const [cut, pieces] of await cutsOf(file)) {
      const events = await Array.fromAsync(replay(pieces).stream(REQUEST, never()));
      const end = events.at(-1);
      const carry = end?.type === "end" ? end.carry : undefined;
      assert.deepEqual({ ...heardIn(events), carry }, expected, cut);
    }
  });
}

Deno.test("geminiProvider() throws the same for error.txt wherever it is cut", async () => {
  for (const [cut, pieces] of await cutsOf("error.txt")) {
    const error = await caught(hear(replay(pieces)));
    assert.ok(error instanceof ProviderError);
    const { message, failure, retryAfterMs, status } = error;
    assert.deepEqual({ message, failure, retryAfterMs, status }, {
      message: "gemini: error in the stream: The model is overloaded. Please try again later.",
      failure: "overloaded",
      retryAfterMs: 2500,
      status: undefined,
    }, cut);
  }
});

Deno.test("geminiProvider() sends one request, and no key", async () => {
  const asked: string[] = [];
  await using server = serveModel((request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(request.method, pathname + search, request.headers.get("x-goog-api-key") ?? "");
    return responseOf({ text: ["Hi"] });
  });
  const provider = providerAt({ baseUrl: `${server.url}/v1beta`, fetch });
  await hear(provider, { ...REQUEST, model: "models/gemini-2.5-flash" });
  const path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
  assert.deepEqual(asked, ["POST", path, ""]);
  assert.deepEqual(server.requests, [{
    contents: [{ role: "user", parts: [{ text: "hello" }] }],
    generationConfig: { maxOutputTokens: 100 },
  }]);
});

const broken: Readonly<Record<string, { response: () => Response; error: string }>> = {
  "half a stream": {
    response: () => eventStream(chunkOf([{ text: "Hal" }])),
    error: "protocol: gemini: the stream ended without a finish reason",
  },
  "JSON that is no chunk": {
    response: () => eventStream(chunkOf([{ text: 7 }])),
    error: "protocol: gemini: the stream holds something that is no chunk",
  },
  "a call that the model got wrong": {
    response: () => eventStream(chunkOf([], { finishReason: "MALFORMED_FUNCTION_CALL" })),
    error: "protocol: gemini: the model ended its answer with MALFORMED_FUNCTION_CALL",
  },
  "a key that is not valid": {
    response: () => refusal(400, { reason: "API_KEY_INVALID", domain: "googleapis.com" }),
    error: "auth: gemini: HTTP 400: no",
  },
  "an error inside the stream without a number": {
    response: () => eventStream({ error: { message: "slow down", status: "RESOURCE_EXHAUSTED" } }),
    error: "rate_limit: gemini: error in the stream: slow down",
  },
};
for (const [what, { response, error }] of Object.entries(broken)) {
  Deno.test(`geminiProvider() throws when it gets ${what}`, async () => {
    const thrown = await caught(hear(play(response)));
    assert.ok(thrown instanceof ProviderError);
    assert.equal(`${thrown.failure}: ${thrown.message}`, error);
  });
}

Deno.test("geminiProvider() hears events that hold more than data", async () => {
  const event = JSON.stringify(chunkOf([{ text: "Hi" }], { finishReason: "STOP" }));
  const written = `: still here\nid: 1\ndata: ${event}\n\n`;
  const response = () => new Response(written, { headers: EVENT_STREAM });
  assert.equal((await hear(play(response))).text, "Hi");
});

Deno.test("geminiProvider() makes ids for calls that have none", async () => {
  const call = { functionCall: { name: "Read", args: {} } };
  const response = () => eventStream(chunkOf([call, call], { finishReason: "STOP" }));
  const { calls } = await hear(geminiProvider({
    name: "gemini",
    clock: systemClock,
    baseUrl: "http://model.invalid",
    fetch: () => Promise.resolve(response()),
  }));
  assert.equal(new Set(calls.map((call) => call.id)).size, 2);
  assert.match(calls[0]?.id ?? "", /^call_[0-9a-f-]{36}$/);
});

const READ = { id: "c-1", name: "Read", arguments: '{"file_path":"/a.txt"}' };
const mocked = {
  "a text": {
    response: { content: "Two lines, 😀.", reasoning: "Hm.", usage: { input_tokens: 3 } },
    said: { reasoning: "Hm.", text: "Two lines, 😀.", calls: [], stop: "done" },
  },
  "calls after a text": {
    response: { content: "I look.", toolCalls: [READ, { ...READ, id: "c-2" }] },
    said: {
      reasoning: "",
      text: "I look.",
      calls: [READ, { ...READ, id: "c-2" }],
      stop: "tool_calls",
    },
  },
} as const;
for (const [what, { response, said }] of Object.entries(mocked)) {
  Deno.test(`geminiProvider() hears ${what} of aimock`, async () => {
    await using mock = await aimock(response);
    const { usage: _, ...heard } = await hear(mock.provider);
    assert.deepEqual(heard, said);
  });
}

Deno.test("geminiProvider() is told of a failure by aimock", async () => {
  await using mock = await aimock({
    error: { message: "quota is used up", type: "RESOURCE_EXHAUSTED" },
    status: 429,
  });
  const error = await caught(hear(mock.provider));
  assert.ok(error instanceof ProviderError);
  assert.equal(error.message, "gemini: HTTP 429: quota is used up");
  assert.equal(error.failure, "rate_limit");
});

async function aimock(
  response: MockedAnswer,
): Promise<AsyncDisposable & { readonly provider: Provider }> {
  const mock = await startMock([{ match: { userMessage: /.*/ }, response }]);
  return {
    provider: providerAt({ baseUrl: `${mock.url}/v1beta`, fetch }),
    [Symbol.asyncDispose]: () => mock[Symbol.asyncDispose](),
  };
}

function providerAt(options: { readonly fetch: Fetch; readonly baseUrl: string }): Provider {
  let made = 0;
  const newCallId = () => `new-${++made}`;
  return geminiProvider({ name: "gemini", clock: systemClock, newCallId, ...options });
}

function play(response: () => Response): Provider {
  const fetch = () => Promise.resolve(response());
  return providerAt({ baseUrl: "http://model.invalid/v1beta", fetch });
}

function replay(pieces: readonly Uint8Array<ArrayBuffer>[]): Provider {
  return play(() => new Response(ReadableStream.from(pieces), { headers: EVENT_STREAM }));
}

/** Byte by byte, then in two at each place. */
async function cutsOf(file: string): Promise<[cut: string, Uint8Array<ArrayBuffer>[]][]> {
  const url = new URL(`../fixtures/providers/gemini/${file}`, import.meta.url);
  const bytes = await Deno.readFile(url);
  const halves = Array.from(bytes, (_, at): [string, Uint8Array<ArrayBuffer>[]] => [
    `cut at ${at}`,
    [bytes.subarray(0, at), bytes.subarray(at)],
  ]);
  return [["byte by byte", Array.from(bytes, (byte) => Uint8Array.of(byte))], ...halves];
}

function refusal(status: number, info: object): Response {
  const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", ...info }];
  const error = { code: status, message: "no", status: "INVALID_ARGUMENT", details };
  return Response.json({ error }, { status });
}
