import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { addressOf, forward, type RouteRequest } from "../../src/gateway/gateway.ts";
import { liveRoute } from "../../src/gateway/live_route.ts";
import { WorkerError } from "../../src/core/errors.ts";

const KEY = "sk-secret-0123456789";
const ROUTE = liveRoute({
  id: "provider",
  purpose: "provider",
  origin: "https://api.example",
  pathPrefix: "/v1",
  methods: ["POST"],
  authentication: "bearer",
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

type Sent = { url: string; init: RequestInit | undefined };

function answering(response: () => Response): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch(input, init) {
      sent.push({ url: String(input), init });
      return Promise.resolve(response());
    },
  };
}

Deno.test("forward() sends to the route's place with its key, whatever the agent sent", async () => {
  const { fetch, sent } = answering(() => new Response("ok"));
  const headers: RouteRequest["headers"] = [
    ["authorization", "Bearer stolen"],
    ["Cookie", "a=b"],
    ["host", "evil.example"],
    ["x-own", "1"],
  ];
  const response = await forward({ ...REQUEST, headers }, ROUTES, { fetch, clock, signal });
  assert.equal(response.status, 200);
  assert.equal(sent[0]?.url, "https://api.example/v1/chat/completions");
  assert.deepEqual([...new Headers(sent[0]?.init?.headers)], [
    ["authorization", `Bearer ${KEY}`],
    ["x-own", "1"],
  ]);
});

Deno.test("forward() follows no redirect and tells no location", async () => {
  const { fetch, sent } = answering(() =>
    new Response(null, { status: 302, headers: { location: `https://evil.example/?k=${KEY}` } })
  );
  const response = await forward(REQUEST, ROUTES, { fetch, clock, signal });
  assert.equal(sent[0]?.init?.redirect, "manual");
  assert.deepEqual([response.status, response.headers], [302, []]);
});

Deno.test("forward() lets no secret come back in a header, a body or an error", async () => {
  const echo = answering(() => new Response(`you sent ${KEY}`, { headers: { "x-echo": KEY } }));
  const response = await forward(REQUEST, ROUTES, { fetch: echo.fetch, clock, signal });
  const headers = new Map(response.headers);
  assert.equal(headers.get("x-echo"), "[redacted]");
  assert.equal(await new Response(response.body).text(), "you sent [redacted]");

  const failing: typeof fetch = () => Promise.reject(new TypeError(`no route to ${KEY}`));
  await assert.rejects(forward(REQUEST, ROUTES, { fetch: failing, clock, signal }), {
    message: "no route to [redacted]",
  });
});

Deno.test("forward() refuses another route, another method and a path that leaves the prefix", async (t) => {
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
  ];
  for (const change of cases) {
    await t.step(JSON.stringify(change), async () => {
      await assert.rejects(
        forward({ ...REQUEST, ...change }, ROUTES, { fetch, clock, signal }),
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
  const idle = { sleep: () => Promise.withResolvers<void>().promise };
  const forwarded = forward(REQUEST, ROUTES, {
    fetch: () => head.promise,
    clock: idle,
    signal: stop.signal,
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
  const options = { fetch: mute, clock: { sleep: () => Promise.resolve() }, signal: stop.signal };
  const forwarded = forward(REQUEST, ROUTES, options);
  stop.abort(new Error("enough"));
  await assert.rejects(forwarded, { message: "enough" });
  await aborted.promise;
});
