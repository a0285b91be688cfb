import { strict as assert } from "node:assert";
import { liveRoute } from "../../src/gateway/live_route.ts";
import type { Route } from "../../src/grants/route.ts";

function routeWith(protocol: Route["protocol"]): Route {
  return {
    id: "provider",
    purpose: "provider",
    origin: "https://api.example",
    pathPrefix: "/v1",
    methods: ["POST"],
    protocol,
    credential: 0,
  };
}

const headers: readonly (readonly [Route["protocol"], Record<string, string>])[] = [
  ["openai", { authorization: "Bearer k-1" }],
  ["anthropic", { "x-api-key": "k-1" }],
  ["gemini", { "x-goog-api-key": "k-1" }],
];
for (const [protocol, expected] of headers) {
  Deno.test(`liveRoute() puts the key of a route of ${protocol} into one header`, () => {
    const route = liveRoute(routeWith(protocol), "k-1");
    assert.deepEqual([route.headers, route.secrets], [expected, ["k-1"]]);
  });

  Deno.test(`liveRoute() sends nothing for a route of ${protocol} without a key`, () => {
    const route = liveRoute(routeWith(protocol), "");
    assert.deepEqual([route.headers, route.secrets], [{}, []]);
  });
}
