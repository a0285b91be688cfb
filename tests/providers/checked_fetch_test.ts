import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { checkedFetch } from "../../src/providers/checked_fetch.ts";
import { type Fetch, ProviderError } from "../../src/providers/provider.ts";
import { caught } from "./contract.ts";
import { EVENT_STREAM } from "./model_server.ts";

const options = { name: "p", clock: { now: () => Date.UTC(2026, 5, 18, 9, 30) } };
const URL_ASKED = "http://model.invalid/";

Deno.test("checkedFetch() passes the request on and the answer back", async () => {
  const asked: unknown[] = [];
  const fetch: Fetch = (input, init) => {
    asked.push(input, init?.method);
    return Promise.resolve(
      new Response("data: x", { status: 201, headers: { ...EVENT_STREAM, "x-request-id": "r-1" } }),
    );
  };
  const response = await checkedFetch(fetch, options)(URL_ASKED, { method: "POST" });
  assert.deepEqual(asked, [URL_ASKED, "POST"]);
  assert.deepEqual([response.status, response.headers.get("x-request-id")], [201, "r-1"]);
  assert.equal(await response.text(), "data: x");
});

for (const type of [undefined, "text/event-stream; charset=utf-8", "text/plain", "application/x"]) {
  Deno.test(`checkedFetch() takes an answer of type ${type}`, async () => {
    const body = new TextEncoder().encode("data: x");
    const headers = new Headers(type === undefined ? {} : { "content-type": type });
    const response = await ask(() => new Response(body, { headers }));
    assert.equal(await response.text(), "data: x");
  });
}

const failing: Readonly<Record<string, [response: () => Response, error: string]>> = {
  "an error body that is JSON": [
    () => Response.json({ error: { message: "Bad model" } }, { status: 404 }),
    "invalid_request: p: HTTP 404: Bad model",
  ],
  "an error body that is JSON of another type": [
    () => new Response('{"error":"Bad model"}', { status: 404 }),
    "invalid_request: p: HTTP 404: Bad model",
  ],
  "an error body that is plain text": [
    () => new Response("404 page not found\n", { status: 404 }),
    "invalid_request: p: HTTP 404: 404 page not found",
  ],
  "a page instead of an error": [
    () => new Response("<h1>502</h1>", { status: 502, headers: { "content-type": "text/html" } }),
    "overloaded: p: HTTP 502",
  ],
  "an error without a body": [
    () => new Response(null, { status: 500 }),
    "overloaded: p: HTTP 500",
  ],
  "a redirect": [
    () => new Response(null, { status: 307, headers: { location: "http://evil.invalid/" } }),
    "protocol: p: HTTP 307",
  ],
  "an error body that breaks off": [
    () => new Response(failingBody(new TypeError("reset")), { status: 503 }),
    "overloaded: p: HTTP 503",
  ],
  "a whole completion instead of a stream": [
    () => Response.json({ choices: [] }),
    "protocol: p: HTTP 200: expected an event stream, got application/json",
  ],
  "an error object that came with 200": [
    () => Response.json({ error: { message: "too long", code: "context_length_exceeded" } }),
    "context_overflow: p: HTTP 200: too long",
  ],
};
for (const [what, [response, error]] of Object.entries(failing)) {
  Deno.test(`checkedFetch() rejects when it gets ${what}`, async () => {
    const thrown = await caught(ask(response));
    assert.ok(thrown instanceof ProviderError);
    assert.equal(`${thrown.failure}: ${thrown.message}`, error);
  });
}

Deno.test("checkedFetch() tells how long the server asks to wait", async () => {
  const headers = { "retry-after": "Thu, 18 Jun 2026 09:30:05 GMT" };
  const thrown = await caught(ask(() => new Response(null, { status: 429, headers })));
  assert.ok(thrown instanceof ProviderError);
  assert.equal(thrown.retryAfterMs, 5000);
});

Deno.test("checkedFetch() reads no more of an error than it can use", async () => {
  const { body, state } = endless(1024);
  const thrown = await caught(ask(() => new Response(body, { status: 500 })));
  assert.ok(thrown instanceof ProviderError);
  assert.ok(state.cancelled);
  assert.ok(state.sent < 80, `read ${state.sent} KiB`);
});

Deno.test("checkedFetch() cuts off an answer without an end and hangs up", async () => {
  const { body, state } = endless(1000);
  const fetch = () => Promise.resolve(new Response(body, { headers: EVENT_STREAM }));
  const response = await checkedFetch(fetch, { ...options, maxBytes: 2500 })(URL_ASKED);
  const thrown = await caught(response.text());
  assert.ok(thrown instanceof ProviderError);
  assert.equal(thrown.message, "p: answer is too long, expected at most 2500 bytes");
  assert.deepEqual([thrown.failure, state.cancelled], ["protocol", true]);
});

Deno.test("checkedFetch() takes an answer of just the longest size", async () => {
  const fetch = () => Promise.resolve(new Response("12345", { headers: EVENT_STREAM }));
  const response = await checkedFetch(fetch, { ...options, maxBytes: 5 })(URL_ASKED);
  assert.equal(await response.text(), "12345");
});

Deno.test("checkedFetch() hangs up when its reader does", async () => {
  const { body, state } = endless(10);
  const response = await ask(() => new Response(body, { headers: EVENT_STREAM }));
  for await (const _ of response.body ?? []) break;
  assert.ok(state.cancelled);
});

Deno.test("checkedFetch() tells a failing connection as network", async () => {
  const cause = new TypeError("tcp connect error:\nConnection refused");
  const thrown = await caught(checkedFetch(() => Promise.reject(cause), options)(URL_ASKED));
  assert.ok(thrown instanceof ProviderError);
  assert.deepEqual([thrown.message, thrown.failure, thrown.cause], [
    "p: no connection: tcp connect error:\\nConnection refused",
    "network",
    cause,
  ]);
});

Deno.test("checkedFetch() passes a WorkerError and an abort on unchanged", async () => {
  const refusal = new WorkerError("budget", "Budget is used up");
  const connecting = checkedFetch(() => Promise.reject(refusal), options);
  assert.equal(await caught(connecting(URL_ASKED)), refusal);
  const body = await ask(() => new Response(failingBody(refusal), { headers: EVENT_STREAM }));
  assert.equal(await caught(body.text()), refusal);
  const reason = new Error("stop");
  const aborted = checkedFetch(() => Promise.reject(reason), options);
  assert.equal(await caught(aborted(URL_ASKED, { signal: AbortSignal.abort(reason) })), reason);
});

function ask(response: () => Response): Promise<Response> {
  return checkedFetch(() => Promise.resolve(response()), options)(URL_ASKED);
}

function failingBody(error: Error): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(error) });
}

/** A body that never ends; `state` tells how many pieces were taken and whether it was left. */
function endless(bytes: number) {
  const state = { sent: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.sent++;
      controller.enqueue(new Uint8Array(bytes).fill(0x61));
    },
    cancel: () => void (state.cancelled = true),
  }, { highWaterMark: 0 });
  return { body, state };
}
