import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { addressOf, forward, type RouteRequest } from "../../src/gateway/gateway.ts";
import { EgressLog } from "../../src/gateway/egress_log.ts";
import { liveRoute } from "../../src/gateway/live_route.ts";
import type { Egress } from "../../src/core/egress.ts";
import { WorkerError } from "../../src/core/errors.ts";
import { takenTokens } from "./taken_tokens.ts";
import { Meter } from "../../src/gateway/meter.ts";

const KEY = "sk-secret-0123456789";
const ROUTE = liveRoute({
  id: "provider",
  purpose: "provider",
  origin: "https://api.example",
  pathPrefix: "/v1",
  methods: ["POST"],
  protocol: "openai",
  credential: 0,
}, KEY);
const ROUTES = new Map([[ROUTE.id, ROUTE]]);
const REQUEST: RouteRequest = {
  route: "provider",
  method: "POST",
  path: "/chat/completions",
  headers: [["content-type", "application/json"]],
  body: null,
};
const signal = new AbortController().signal;
const clock = systemClock;
const egress = new EgressLog(() => Promise.resolve());

type Sent = { url: string; init: RequestInit | undefined };

function answering(response: () => Response): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch(input, init) {
      sent.push({ url: String(input), init });
      return Promise.try(response);
    },
  };
}

Deno.test("forward() sends to the route's place with its key, whatever the agent sent", async () => {
  const { fetch, sent } = answering(() => new Response("ok"));
  const headers: RouteRequest["headers"] = [
    ["authorization", "Bearer stolen"],
    ["Cookie", "a=b"],
    ["host", "evil.example"],
    ["openai-organization", "another"],
    ["x-http-method-override", "GET"],
    ["Content-Type", "application/json"],
    ["anthropic-version", "2023-06-01"],
  ];
  const response = await forward({ ...REQUEST, headers }, ROUTES, { fetch, clock, signal, egress });
  assert.equal(response.status, 200);
  assert.equal(sent[0]?.url, "https://api.example/v1/chat/completions");
  assert.deepEqual([...new Headers(sent[0]?.init?.headers)], [
    ["anthropic-version", "2023-06-01"],
    ["authorization", `Bearer ${KEY}`],
    ["content-type", "application/json"],
  ]);
});

Deno.test("forward() follows no redirect and tells no location", async () => {
  const { fetch, sent } = answering(() =>
    new Response(null, { status: 302, headers: { location: `https://evil.example/?k=${KEY}` } })
  );
  const response = await forward(REQUEST, ROUTES, { fetch, clock, signal, egress });
  assert.equal(sent[0]?.init?.redirect, "manual");
  assert.deepEqual([response.status, response.headers], [302, []]);
});

Deno.test("forward() lets no secret come back in a header, a body or an error", async () => {
  const echo = answering(() => new Response(`you sent ${KEY}`, { headers: { "x-echo": KEY } }));
  const response = await forward(REQUEST, ROUTES, { fetch: echo.fetch, clock, signal, egress });
  const headers = new Map(response.headers);
  assert.equal(headers.get("x-echo"), "[redacted]");
  assert.equal(await new Response(response.body).text(), "you sent [redacted]");

  const failing: typeof fetch = () => Promise.reject(new TypeError(`no route to ${KEY}`));
  await assert.rejects(forward(REQUEST, ROUTES, { fetch: failing, clock, signal, egress }), {
    message: "no route to [redacted]",
  });
});

Deno.test("forward() refuses another route, method or endpoint, and a path that leaves the prefix", async (t) => {
  const { fetch, sent } = answering(() => new Response("ok"));
  const cases: Partial<RouteRequest>[] = [
    { route: "other" },
    { route: "__proto__" },
    { method: "GET" },
    { path: "chat" },
    { path: "/../admin" },
    { path: "/a/../../admin" },
    { path: "/%2e%2e/admin" },
    { path: "/..%2fadmin" },
    { path: "/..\\admin" },
    { path: "/" },
    { path: "/files" },
    { path: "/fine_tuning/jobs" },
    { path: "/chat/completions/../files" },
    { path: "/chat/completions/" },
    { path: "/chat/completions?x=/models/gpt-5-nano:" },
    { path: "/models/gpt-5-nano:/../../messages" },
    { path: "/models/gpt-5-nano:generateContent" },
  ];
  for (const change of cases) {
    await t.step(JSON.stringify(change), async () => {
      await assert.rejects(
        forward({ ...REQUEST, ...change }, ROUTES, { fetch, clock, signal, egress }),
        (thrown) => thrown instanceof WorkerError && thrown.fault === "refused",
      );
    });
  }
  assert.deepEqual(sent, []);
});

Deno.test("addressOf() keeps every path on the route's origin", () => {
  const route = { id: "r", origin: "https://api.example", pathPrefix: "" };
  for (const path of ["//evil.example/x", "/@evil.example", "/a?u=https://evil.example", "/#x"]) {
    assert.equal(addressOf(route, path).origin, "https://api.example", path);
  }
});

Deno.test("forward() ends the connection of an answer whose head comes after the abort", async () => {
  const head = Promise.withResolvers<Response>();
  const stop = new AbortController();
  const forever = { sleep: () => Promise.withResolvers<void>().promise };
  const forwarded = forward(REQUEST, ROUTES, {
    fetch: () => head.promise,
    clock: forever,
    signal: stop.signal,
    egress,
  });
  stop.abort(new Error("enough"));
  await assert.rejects(forwarded, { message: "enough" });
  const ended = Promise.withResolvers<void>();
  head.resolve(new Response(new ReadableStream({ cancel: () => ended.resolve() })));
  await ended.promise;
});

Deno.test("forward() aborts a request that is not answered soon after the abort", async () => {
  const stop = new AbortController();
  const aborted = Promise.withResolvers<void>();
  const mute: typeof fetch = (_url, init) => {
    init?.signal?.addEventListener("abort", () => aborted.resolve());
    return Promise.withResolvers<Response>().promise;
  };
  const options = { fetch: mute, clock: idle, signal: stop.signal, egress };
  const forwarded = forward(REQUEST, ROUTES, options);
  stop.abort(new Error("enough"));
  await assert.rejects(forwarded, { message: "enough" });
  await aborted.promise;
});

const METERED: RouteRequest = {
  ...REQUEST,
  body: new TextEncoder().encode(JSON.stringify({ model: "m", max_tokens: 900 })),
};

Deno.test("forward() asks the meter first, and lets it count the answer", async (t) => {
  const limits = { totalTokens: 250, costUsd: undefined };
  const usage = { prompt_tokens: 100, completion_tokens: 50 };
  const counted = `data: ${JSON.stringify({ choices: [], usage })}\n\n`;
  const headers = { "content-type": "text/event-stream" };
  const body = new TextEncoder().encode(JSON.stringify({ model: "m", max_tokens: 200 }));
  const request = { ...METERED, body };
  const cases: [name: string, response: () => Response, taken: number][] = [
    ["an answer", () => new Response(counted, { headers }), 150],
    ["an answer without figures", () => new Response("data: {}\n\n", { headers }), 210],
    ["an answer without a body", () => new Response(null, { status: 204 }), 210],
    ["a failure", () => new Response("{}", { status: 500 }), 0],
    ["a redirect", () => new Response(null, { status: 302 }), 0],
    ["no connection", () => {
      throw new TypeError("error sending request: client error (Connect): refused");
    }, 0],
    ["a connection that is lost", () => {
      throw new TypeError("error sending request: client error (SendRequest): closed");
    }, 210],
  ];
  for (const [name, response, taken] of cases) {
    await t.step(name, async () => {
      const meter = new Meter({ limits, prices: {} });
      const { fetch } = answering(response);
      const asked = forward(request, ROUTES, { fetch, clock, signal, meter, egress });
      await asked.then(({ body }) => new Response(body).text(), () => {});
      assert.equal(takenTokens(meter), taken);
    });
  }
});

Deno.test("forward() sends nothing when the budget is used up", async () => {
  const meter = new Meter({ limits: { totalTokens: 20, costUsd: undefined }, prices: {} });
  const { fetch, sent } = answering(() => new Response("ok"));
  await assert.rejects(
    forward(METERED, ROUTES, { fetch, clock, signal, meter, egress }),
    (thrown) => thrown instanceof WorkerError && thrown.fault === "budget",
  );
  assert.deepEqual(sent, []);
});

Deno.test("forward() sends the lowered limit", async () => {
  const meter = new Meter({ limits: { totalTokens: 511, costUsd: undefined }, prices: {} });
  const { fetch, sent } = answering(() => new Response("ok"));
  await forward(METERED, ROUTES, { fetch, clock, signal, meter, egress });
  const body = sent[0]?.init?.body;
  assert.ok(body instanceof Uint8Array);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(body)), { model: "m", max_tokens: 501 });
});

Deno.test("forward() charges a request in full that is left before its answer", async () => {
  const meter = new Meter({ limits: { totalTokens: 1_000, costUsd: undefined }, prices: {} });
  const leaving = new AbortController();
  const fetch = () => {
    leaving.abort(new Error("left"));
    return new Promise<Response>(() => {});
  };
  const asked = forward(METERED, ROUTES, {
    fetch,
    clock: idle,
    signal: leaving.signal,
    meter,
    egress,
  });
  await assert.rejects(asked, /left/);
  assert.equal(takenTokens(meter), 910);
});

const idle = { sleep: () => Promise.resolve() };

Deno.test("forward() sends nothing for a request that was left before its turn", async () => {
  const { fetch, sent } = answering(() => new Response("ok"));
  const left = AbortSignal.abort(new Error("left"));
  await assert.rejects(forward(REQUEST, ROUTES, { fetch, clock, signal: left, egress }), /left/);
  assert.deepEqual(sent, []);
});

Deno.test("forward() prices a request by the model that its address names", async (t) => {
  const prices = {
    "cheap": { input: 0, cachedInput: 0, cacheWrite: 0, output: 0.1 },
    "dear": { input: 0, cachedInput: 0, cacheWrite: 0, output: 100 },
  };
  const routes = new Map([["provider", { ...ROUTE, protocol: "gemini" as const }]]);
  const ask = async (path: string, model?: string) => {
    const meter = new Meter({ limits: { totalTokens: undefined, costUsd: 0.01 }, prices });
    const { fetch, sent } = answering(() => new Response("ok"));
    const text = JSON.stringify({ model, generationConfig: { maxOutputTokens: 10_000 } });
    const request = { ...REQUEST, path, body: new TextEncoder().encode(text) };
    const asked = forward(request, routes, { fetch, clock, signal, meter, egress });
    await asked.catch((thrown) => assert.ok(thrown instanceof WorkerError));
    return sent.length;
  };
  const cheap = "/models/cheap:streamGenerateContent?alt=sse";
  const cases: [path: string, model: string | undefined, sent: number][] = [
    [cheap, undefined, 1],
    [cheap, "cheap", 1],
    [cheap, "models/cheap", 1],
    [cheap, "dear", 0],
    ["/models/dear:streamGenerateContent?alt=sse", undefined, 0],
    ["/models/cheap:/../dear:generateContent", undefined, 0],
    ["/models/cheap:generateContent/../dear:generateContent", undefined, 0],
    ["/models/d%65ar:generateContent", undefined, 0],
  ];
  for (const [path, model, sent] of cases) {
    await t.step(`${path} ${model}`, async () => assert.equal(await ask(path, model), sent));
  }
});

Deno.test("forward() tells what was sent and came back, once it is over", async (t) => {
  const request = { ...REQUEST, body: new TextEncoder().encode("12345") };
  const place = { route: "provider", host: "api.example:443", method: "POST" };
  const asking = (response: () => Response, path = REQUEST.path) => {
    const told: Egress[] = [];
    const egress = new EgressLog((it) => Promise.resolve(void told.push(it)));
    const { fetch } = answering(response);
    const asked = forward({ ...request, path }, ROUTES, { fetch, clock, signal, egress });
    return { told, asked };
  };
  await t.step("an answer", async () => {
    const { told, asked } = asking(() => new Response("one, two", { status: 201 }));
    const { body } = await asked;
    assert.deepEqual(told, []);
    await new Response(body).text();
    assert.deepEqual(told, [{ ...place, status: 201, bytes_sent: 5, bytes_received: 8 }]);
  });
  await t.step("an answer without a body", async () => {
    const { told, asked } = asking(() => new Response(null, { status: 204 }));
    await asked;
    assert.deepEqual(told, [{ ...place, status: 204, bytes_sent: 5, bytes_received: 0 }]);
  });
  await t.step("an answer that is left", async () => {
    const { told, asked } = asking(() => new Response(endless()));
    const { body } = await asked;
    await body?.cancel();
    assert.deepEqual(told.map(({ status }) => status), [200]);
  });
  await t.step("an answer that breaks off", async () => {
    const lost = new ReadableStream({ pull: (it) => it.error(new Error("lost")) });
    const { told, asked } = asking(() => new Response(lost));
    await assert.rejects(new Response((await asked).body).text(), /lost/);
    assert.deepEqual(told, [{ ...place, status: 200, bytes_sent: 5, bytes_received: 0 }]);
  });
  const none = { ...place, status: undefined, bytes_received: 0 };
  const failing: Record<string, number> = { "closed": 5, "x: client error (Connect): x": 0 };
  for (const [words, bytes_sent] of Object.entries(failing)) {
    await t.step(`no answer: ${words}`, async () => {
      const { told, asked } = asking(() => {
        throw new TypeError(words);
      });
      await assert.rejects(asked);
      assert.deepEqual(told, [{ ...none, bytes_sent }]);
    });
  }
  await t.step("nothing of what was refused", async () => {
    const { told, asked } = asking(() => new Response(), "/files");
    await assert.rejects(asked);
    assert.deepEqual(told, []);
  });
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (it) => it.enqueue(new Uint8Array(9)) }, { highWaterMark: 0 });
}
