import { strict as assert } from "node:assert";
import { SEARCH_HOST, SEARCH_ORIGIN } from "../../src/core/search_engine.ts";
import {
  isGranted,
  refusedWebTools,
  weakerWeb,
  webGrant,
  webPermissions,
  webPorts,
} from "../../src/grants/web_grant.ts";

const MIXED = webGrant([
  "Docs.Example:443",
  "docs.example:443",
  "docs.example:8443",
  "127.0.0.1:8080",
  "[0:0:0:0:0:0:0:1]:80",
]);
const HOSTS = ["docs.example:443", "docs.example:8443", "127.0.0.1:8080", "[::1]:80"];

Deno.test("webGrant() spells hosts as URL does, each once", () => {
  assert.deepEqual(MIXED, { type: "hosts", hosts: HOSTS });
  assert.deepEqual(webGrant(["public"]), { type: "public" });
  assert.deepEqual(webGrant([]), { type: "hosts", hosts: [] });
});

Deno.test("isGranted() takes hosts with their port, and of public the ports of the web", () => {
  assert.deepEqual(HOSTS.map((host) => isGranted(MIXED, host)), [true, true, true, true]);
  const others = ["docs.example:80", "example:443", "x.docs.example:443", "127.0.0.1:80"];
  assert.deepEqual(others.filter((host) => isGranted(MIXED, host)), []);
  const ports = ["a.example:80", "a.example:443", "a.example:8080", "[::1]:22"];
  const found = ports.map((host) => isGranted(webGrant(["public"]), host));
  assert.deepEqual(found, [true, true, false, false]);
});

Deno.test("no host widens nothing", () => {
  const none = webGrant([]);
  assert.deepEqual([webPermissions(none), webPorts(none)], [[], []]);
});

Deno.test("webPermissions() and webPorts() widen by what is granted", () => {
  assert.deepEqual(webPermissions(MIXED), [
    "docs.example",
    "0.0.0.0/0:443",
    "docs.example",
    "0.0.0.0/0:8443",
    "127.0.0.1:8080",
    "[::1]:80",
  ]);
  assert.deepEqual(webPorts(MIXED), [443, 8443, 8080, 80]);
  assert.equal(webPermissions(webGrant(["public"])), true);
  assert.deepEqual(webPorts(webGrant(["public"])), [80, 443]);
});

Deno.test("refusedWebTools() names the grant that is missing", () => {
  const none = "capabilities.sandbox.hosts grants no host";
  assert.deepEqual(refusedWebTools(webGrant([])), { WebFetch: none, WebSearch: none });
  assert.deepEqual(refusedWebTools(MIXED), {
    WebSearch: 'capabilities.sandbox.hosts does not grant "html.duckduckgo.com:443"',
  });
  assert.deepEqual(refusedWebTools(webGrant([SEARCH_HOST])), {});
  assert.deepEqual(refusedWebTools(webGrant(["public"])), {});
  assert.equal(`${new URL(SEARCH_ORIGIN).host}:443`, SEARCH_HOST);
});

Deno.test("weakerWeb() gives what both have", () => {
  const all = webGrant(["public"]);
  const none = webGrant([]);
  const some = webGrant(["docs.example:443", "other.example:443"]);
  const shared = webGrant(["docs.example:443"]);
  assert.deepEqual(weakerWeb(MIXED, some), shared);
  assert.deepEqual(weakerWeb(MIXED, all), none);
  assert.deepEqual(weakerWeb(all, all), all);
  // A name may lead to private addresses, which public does not.
  assert.deepEqual(weakerWeb(all, some), none);
});
