import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { isObject } from "../../src/core/schema.ts";
import { openAiProvider } from "../../src/providers/openai.ts";
import { type Fetch, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { serveMock } from "./aimock.ts";
import { caught, hear, testProvider } from "./contract.ts";
import { eventStream, serveModel } from "./model_server.ts";
import {
  completed,
  responseEvents,
  type ResponseItem,
  responseStream,
  textDelta,
} from "./response_stream.ts";
import { testWire } from "./wire_contract.ts";

testProvider({
  name: "responses",
  serve: (answer) => {
    const server = serveModel(() => responseStream(answer));
    return Promise.resolve({
      provider: providerFor({ baseUrl: `${server.url}/v1`, fetch }),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    });
  },
});

testProvider({
  name: "responses against aimock",
  serve: (answer) => serveMock(answer, (baseUrl) => providerFor({ baseUrl, fetch })),
});

testWire("responses", {
  provider: providerFor,
  respond: responseStream,
  limitOf: (body) => isObject(body) ? body["max_output_tokens"] : undefined,
});

const failed = (error: ResponseItem) => ({ type: "response.failed", response: { error } });
const failures: Readonly<Record<string, { events: readonly ResponseItem[]; error: string }>> = {
  "a response that failed": {
    events: [textDelta("Hal"), failed({ code: "server_error", message: "It broke" })],
    error: "overloaded: openai: error in the stream: It broke",
  },
  "a rate limit inside the stream": {
    events: [failed({ code: "rate_limit_exceeded", message: "Slow down" })],
    error: "rate_limit: openai: error in the stream: Slow down",
  },
  "too long an input": {
    events: [failed({ code: "context_length_exceeded", message: "Too long" })],
    error: "context_overflow: openai: error in the stream: Too long",
  },
  "an error event": {
    events: [{ type: "error", code: "server_error", message: "It broke", param: null }],
    error: "overloaded: openai: error in the stream: It broke",
  },
  "an end before the response's": {
    events: [textDelta("Hal")],
    error: "protocol: openai: the stream ended before the response did",
  },
  "an event without its type": {
    events: [{ delta: "Hal" }],
    error: "protocol: openai: the stream holds something that is no event",
  },
  "an event of another shape": {
    events: [{ type: "response.output_text.delta", output_index: 0, delta: 7 }],
    error: "protocol: openai: the stream holds something that is no event",
  },
};
for (const [what, { events, error }] of Object.entries(failures)) {
  Deno.test(`Responses.stream() throws when it gets ${what}`, async () => {
    const thrown = await caught(hear(answering(() => responseEvents(events))));
    assert.ok(thrown instanceof ProviderError);
    assert.equal(`${thrown.failure}: ${thrown.message}`, error);
  });
}

Deno.test("Responses.stream() reads an error event that has no event line", async () => {
  const error = { type: "error", code: "server_error", message: "It broke", param: null };
  const thrown = await caught(hear(answering(() => eventStream(error))));
  assert.ok(thrown instanceof ProviderError);
  assert.equal(thrown.failure, "overloaded");
});

Deno.test("Responses.stream() asks without a refinement that is refused, and remembers", async () => {
  const refused = { message: "Verify your organization", param: "reasoning.summary", code: "x" };
  const asked: boolean[] = [];
  await using server = serveModel(() => {
    const body = server.requests.at(-1);
    const reasoning = isObject(body) ? body["reasoning"] : undefined;
    asked.push(reasoning !== undefined);
    return reasoning === undefined
      ? responseStream({ text: ["Hi"] })
      : Response.json({ error: refused }, { status: 400 });
  });
  const provider = providerFor({ baseUrl: server.url, fetch });
  assert.equal((await hear(provider)).text, "Hi");
  assert.equal((await hear(provider)).text, "Hi");
  assert.deepEqual(asked, [true, false, false]);
});

Deno.test("Responses.stream() tells which field was refused", async () => {
  const error = { message: "No such effort", param: "reasoning.effort" };
  const thrown = await caught(hear(answering(() => Response.json({ error }, { status: 400 }))));
  assert.ok(thrown instanceof ProviderError);
  const { failure, param } = thrown;
  assert.deepEqual({ failure, param }, { failure: "invalid_request", param: "reasoning.effort" });
});

Deno.test("Responses.stream() ends whole when the connection breaks off after the end", async () => {
  const text = await responseEvents([textDelta("Hi"), completed()]).text();
  let asked = 0;
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (asked++ > 0) return controller.error(new TypeError("reset"));
        controller.enqueue(new TextEncoder().encode(text));
      },
    }, { highWaterMark: 0 });
  const headers = { "content-type": "text/event-stream" };
  assert.equal((await hear(answering(() => new Response(body(), { headers })))).text, "Hi");
});

/** Asks for a model that has no other endpoint. */
function providerFor({ baseUrl, fetch }: { baseUrl: string; fetch: Fetch }): Provider {
  const provider = openAiProvider({ name: "openai", clock: systemClock, baseUrl, fetch });
  return {
    name: provider.name,
    stream: (request, signal) => provider.stream({ ...request, model: "gpt-5-codex" }, signal),
  };
}

function answering(response: () => Response): Provider {
  return providerFor({
    baseUrl: "http://model.invalid/v1",
    fetch: () => Promise.resolve(response()),
  });
}
