import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { webNet } from "../../src/compartments/web_net.ts";
import type { Egress } from "../../src/core/egress.ts";
import { EgressLog } from "../../src/gateway/egress_log.ts";
import { fetchPage, MAX_WEB_BYTES, type WebNet } from "../../src/gateway/web_fetch.ts";
import type { RouteResponse } from "../../src/gateway/gateway.ts";
import { webGrant } from "../../src/grants/web_grant.ts";
import { within } from "../support/deadline.ts";
import { FakeClock } from "../support/fake_clock.ts";

const PLACE = "good.example:8080";
const URL_OF_PAGE = `http://${PLACE}/page?q=1`;
const GLOBAL = "93.184.216.34";

type Answer = (request: Request) => Response | Promise<Response>;

/** A server on this machine that every judged address stands for. */
class Site implements AsyncDisposable {
  readonly #ending = new AbortController();
  readonly #finished: Promise<void>;
  readonly port: number;
  readonly requests: { readonly line: string; readonly headers: Record<string, string> }[] = [];
  /** What was connected to, as the gateway judged it. */
  readonly pinned: string[] = [];
  readonly lookedUp: string[] = [];
  readonly net: WebNet;

  constructor(answer: Answer, ...lookUps: readonly (readonly string[])[]) {
    const { signal } = this.#ending;
    const options = { hostname: "127.0.0.1", port: 0, signal, onListen: () => {} };
    const server = Deno.serve(options, (request) => {
      const { method, url, headers } = request;
      this.requests.push({ line: `${method} ${url}`, headers: Object.fromEntries(headers) });
      return answer(request);
    });
    this.port = server.addr.port;
    this.#finished = server.finished;
    this.net = netTo(this, lookUps);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#finished;
  }
}

type Calls = { readonly port: number; readonly pinned: string[]; readonly lookedUp: string[] };

/** The real connections, but for the address they lead to. `lookUps` are answered in turn. */
function netTo(
  { port, pinned, lookedUp }: Calls,
  lookUps: readonly (readonly string[])[],
): WebNet {
  return {
    lookUp(name) {
      const found = lookUps[lookedUp.length] ?? [GLOBAL];
      lookedUp.push(name);
      return Promise.resolve(found);
    },
    connect(address, { port: wanted, ...options }) {
      pinned.push(`${address} ${wanted}`);
      return webNet.connect("127.0.0.1", { port, ...options });
    },
  };
}

type Fetching = {
  readonly hosts?: readonly string[];
  readonly url?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly clock?: Pick<Clock, "sleep">;
  readonly signal?: AbortSignal;
  readonly egress?: EgressLog;
};

function get(net: WebNet, options: Fetching = {}): Promise<RouteResponse> {
  const { hosts = [PLACE], url = URL_OF_PAGE, headers = [], clock = systemClock } = options;
  const { signal = new AbortController().signal } = options;
  const rules = { grant: webGrant(hosts), taken: [] };
  const { egress = new EgressLog(() => Promise.resolve()) } = options;
  return fetchPage({ url, headers }, { rules, net, clock, signal, egress });
}

async function text({ body }: RouteResponse): Promise<string> {
  return await new Response(body).text();
}

Deno.test("fetchPage() gets a page from the judged address, under the name of its host", async () => {
  await using site = new Site(() =>
    new Response("hello", { headers: { "set-cookie": "a=b", "x-own": "1", location: "/x" } })
  );
  const headers = [
    ["Accept", "text/plain"],
    ["cookie", "a=b"],
    ["authorization", "Bearer x"],
    ["host", "evil.example"],
    ["user-agent", "evil"],
    ["x-data", "secret"],
  ] as const;
  const answer = await get(site.net, { headers });
  assert.equal(await text(answer), "hello");
  const { date: _, ...told } = Object.fromEntries(answer.headers);
  assert.deepEqual([answer.status, told], [
    200,
    { "content-type": "text/plain;charset=UTF-8", location: "/x" },
  ]);
  assert.deepEqual(site.requests, [{
    line: `GET ${URL_OF_PAGE}`,
    headers: {
      accept: "text/plain",
      "accept-encoding": "gzip",
      "accept-language": "en,*;q=0.5",
      connection: "close",
      host: PLACE,
      "user-agent": "Mozilla/5.0 (compatible; sheath)",
    },
  }]);
  assert.deepEqual([site.lookedUp, site.pinned], [["good.example"], [`${GLOBAL} 8080`]]);
});

Deno.test("fetchPage() looks a name up once: a second answer is never heard", async () => {
  await using site = new Site(() => new Response("hello"), [GLOBAL], ["127.0.0.1"]);
  await text(await get(site.net));
  assert.deepEqual([site.lookedUp, site.pinned], [["good.example"], [`${GLOBAL} 8080`]]);
});

Deno.test("fetchPage() refuses before it connects, for any address of a name", async (t) => {
  const cases: readonly (readonly [string, Fetching, ...(readonly string[])])[] = [
    ["one of two is this machine's", {}, GLOBAL, "127.0.0.1"],
    ["a metadata service", {}, "169.254.169.254"],
    ["a private one under public", { hosts: ["public"], url: "http://a.example/" }, "10.0.0.1"],
    ["a literal under public", { hosts: ["public"], url: "http://127.0.0.1/" }],
    ["another host", { url: "http://other.example:8080/" }],
    ["another port", { url: "http://good.example/" }],
    ["nothing is granted", { hosts: [] }],
  ];
  for (const [what, options, ...addresses] of cases) {
    await t.step(what, async () => {
      await using site = new Site(() => new Response("reached"), addresses);
      await assert.rejects(get(site.net, options), { fault: "refused" });
      assert.deepEqual([site.pinned, site.requests], [[], []]);
    });
  }
  await t.step("control: the same site is reached when all of it is granted", async () => {
    await using site = new Site(() => new Response("reached"));
    assert.equal(await text(await get(site.net)), "reached");
  });
});

Deno.test("fetchPage() says why a name leads nowhere", async () => {
  const failing: WebNet = { ...webNet, lookUp: () => Promise.reject(new Error("no such\nname")) };
  await assert.rejects(get(failing), {
    fault: "provider",
    message: `Cannot reach "${PLACE}": no such name`,
  });
  await using site = new Site(() => new Response("x"), [], ["2606:2800::1"]);
  await assert.rejects(get(site.net), { message: /it has no address$/ });
  await assert.rejects(get(site.net), { message: /no IPv4 address, expected one for a host/ });
});

Deno.test("fetchPage() follows no redirect and tells where it leads", async () => {
  await using site = new Site(() =>
    new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } })
  );
  const { status, headers, body } = await get(site.net);
  assert.deepEqual([status, new Map(headers).get("location")], [302, "http://127.0.0.1:1/"]);
  await body?.cancel();
  assert.equal(site.requests.length, 1);
});

Deno.test("fetchPage() ends a body at its bound, and its connection with it", async () => {
  const ended = Promise.withResolvers<void>();
  await using site = new Site(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
        cancel: () => ended.resolve(),
      }),
    )
  );
  const { body } = await get(site.net);
  assert.equal((await new Response(body).bytes()).length, MAX_WEB_BYTES);
  await within(ended.promise, { what: "the end of the connection" });
});

Deno.test("fetchPage() unpacks no more of a packed body than its bound", async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(200_000_000)));
  await using site = new Site(() =>
    new Response(bomb, { headers: { "content-encoding": "gzip" } })
  );
  const before = Deno.memoryUsage().rss;
  const { body } = await get(site.net);
  assert.equal((await new Response(body).bytes()).length, MAX_WEB_BYTES);
  assert.ok(Deno.memoryUsage().rss - before < 100_000_000);
});

Deno.test("fetchPage() passes on a body of another type than it is said to be", async () => {
  await using site = new Site(() =>
    new Response(new Uint8Array([0, 255, 0]), { headers: { "content-type": "text/html" } })
  );
  const { body } = await get(site.net);
  assert.deepEqual([...await new Response(body).bytes()], [0, 255, 0]);
});

Deno.test("fetchPage() gives up after 30 s, before the head and in the body", async (t) => {
  const late = { fault: "provider", message: `No page from "${PLACE}" in 30 s` };
  await t.step("no head", async () => {
    const clock = new FakeClock();
    await using site = new Site(() => Promise.withResolvers<Response>().promise);
    const getting = assert.rejects(get(site.net, { clock }), late);
    await clock.advance(30_000);
    await getting;
  });
  await t.step("no more of the body", async () => {
    const clock = new FakeClock();
    const ended = Promise.withResolvers<void>();
    await using site = new Site(() =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode("begun")),
          cancel: () => ended.resolve(),
        }),
      )
    );
    const { body } = await get(site.net, { clock });
    const reading = assert.rejects(new Response(body).text(), late);
    await clock.advance(30_000);
    await reading;
    await within(ended.promise, { what: "the end of the connection" });
  });
  await t.step("nobody takes the body", async () => {
    const clock = new FakeClock();
    const ended = Promise.withResolvers<void>();
    await using site = new Site(() =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1000)),
          cancel: () => ended.resolve(),
        }),
      )
    );
    await get(site.net, { clock });
    await clock.advance(30_000);
    await within(ended.promise, { what: "the end of the connection" });
  });
});

Deno.test("fetchPage() ends when it is aborted, and when its body is cancelled", async (t) => {
  await t.step("aborted before the head", async () => {
    await using site = new Site(() => Promise.withResolvers<Response>().promise);
    const stop = new AbortController();
    const getting = get(site.net, { signal: stop.signal });
    const reason = new Error("stop");
    stop.abort(reason);
    await assert.rejects(getting, (thrown) => thrown === reason);
  });
  await t.step("cancelled", async () => {
    const ended = Promise.withResolvers<void>();
    await using site = new Site(() =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1000)),
          cancel: () => ended.resolve(),
        }),
      )
    );
    const { body } = await get(site.net);
    await body?.cancel();
    await within(ended.promise, { what: "the end of the connection" });
  });
});

/** A server of raw bytes: says what it was sent first, and answers `chunk` up to so many times. */
function rawSite(
  { chunk, times }: { readonly chunk: string; readonly times: number },
): Calls & AsyncDisposable & { readonly heard: Promise<string> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { promise: heard, resolve } = Promise.withResolvers<string>();
  const serving = (async () => {
    for await (const connection of listener) {
      using _closed = connection;
      const bytes = new Uint8Array(4096);
      const count = await connection.read(bytes) ?? 0;
      resolve(new TextDecoder("latin1").decode(bytes.subarray(0, count)));
      try {
        const answer = new TextEncoder().encode(chunk);
        for (let sent = 0; sent < times; sent++) await connection.write(answer);
      } catch {
        // The other side had enough.
      }
    }
  })();
  return {
    heard,
    port: listener.addr.port,
    pinned: [],
    lookedUp: [],
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("fetchPage() takes no endless head", async () => {
  const line = `x-${"y".repeat(1000)}: ${"z".repeat(1000)}\r\n`;
  await using site = rawSite({ chunk: `HTTP/1.1 200 OK\r\n${line.repeat(50)}`, times: 1000 });
  await assert.rejects(get(netTo(site, [])), { fault: "provider" });
});

Deno.test("fetchPage() asks the place itself and never a proxy", async () => {
  await using site = rawSite({ chunk: "HTTP/1.1 204 No Content\r\n\r\n", times: 1 });
  await get(netTo(site, []));
  assert.match(await site.heard, /^GET \/page\?q=1 HTTP\/1\.1\r\n/);
});

Deno.test("fetchPage() names the host in TLS, and no other", async () => {
  await using site = rawSite({ chunk: "no TLS", times: 1 });
  const url = "https://good.example:8080/";
  await assert.rejects(get(netTo(site, []), { url }), { fault: "provider" });
  const hello = await site.heard;
  assert.equal(hello.charCodeAt(0), 22, "a TLS handshake");
  assert.ok(hello.includes("\0\x0cgood.example"));
});

Deno.test("fetchPage() trusts no certificate that nobody vouches for", async () => {
  const read = (name: string) =>
    Deno.readTextFileSync(new URL(`../fixtures/web/${name}`, import.meta.url));
  const pair = { cert: read("self_signed.pem"), key: read("self_signed.key.pem") };
  let requests = 0;
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, ...pair };
  const server = Deno.serve(options, () => new Response(String(++requests)));
  const net = netTo({ port: server.addr.port, pinned: [], lookedUp: [] }, []);
  await assert.rejects(get(net, { url: "https://good.example:8080/" }), {
    fault: "provider",
    message: /^Cannot reach "good\.example:8080": invalid peer certificate: /,
  });
  assert.equal(requests, 0);
  await server.shutdown();
});

Deno.test("fetchPage() ends while a place is mute in its handshake", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const net = netTo({ port: listener.addr.port, pinned: [], lookedUp: [] }, []);
  const stop = new AbortController();
  const url = "https://good.example:8080/";
  const getting = get(net, { url, signal: stop.signal });
  using connection = await listener.accept();
  const into = new Uint8Array(2000);
  assert.notEqual(await connection.read(into), null, "a hello");
  stop.abort(new Error("stop"));
  await assert.rejects(getting, { message: "stop" });
  listener.close();
});

Deno.test("webNet finds the addresses of a name, and reaches an address of IPv6", async () => {
  assert.ok((await webNet.lookUp("localhost")).includes("127.0.0.1"));
  await assert.rejects(webNet.lookUp("nothing.invalid"));
  const server = Deno.serve({ hostname: "::1", port: 0, onListen: () => {} }, () => new Response());
  const { port } = server.addr;
  const { signal } = new AbortController();
  using _connection = await webNet.connect("::1", { port, tlsName: undefined, signal });
  await server.shutdown();
});

Deno.test("fetchPage() tells what was sent and came back, once its connection has ended", async (t) => {
  const place = { host: PLACE, method: "GET" };
  const log = () => {
    const told: Egress[] = [];
    return { told, egress: new EgressLog((it) => Promise.resolve(void told.push(it))) };
  };
  await t.step("a page", async () => {
    await using site = new Site(() => new Response("x".repeat(1_000)));
    const { told, egress } = log();
    const { body } = await get(site.net, { egress });
    assert.deepEqual(told, []);
    await new Response(body).text();
    const [{ bytes_sent = 0, bytes_received = 0, ...rest } = {}, ...more] = told;
    assert.deepEqual([rest, more], [{ ...place, status: 200 }, []]);
    // With their heads.
    assert.ok(bytes_sent > 50 && bytes_sent < 500, `${bytes_sent}`);
    assert.ok(bytes_received > 1_000 && bytes_received < 1_500, `${bytes_received}`);
  });
  await t.step("a page that is left", async () => {
    await using site = new Site(() => new Response("x"));
    const { told, egress } = log();
    await (await get(site.net, { egress })).body?.cancel();
    assert.deepEqual(told.map(({ status }) => status), [200]);
  });
  await t.step("an address that is refused after its name was looked up", async () => {
    await using site = new Site(() => new Response("x"), ["127.0.0.1"]);
    const { told, egress } = log();
    await assert.rejects(get(site.net, { egress }), { fault: "refused" });
    const none = { status: undefined, bytes_sent: 0, bytes_received: 0 };
    assert.deepEqual(told, [{ ...place, ...none }]);
  });
  await t.step("not what is refused as it is written", async () => {
    await using site = new Site(() => new Response("x"));
    const { told, egress } = log();
    await assert.rejects(get(site.net, { egress, url: "http://bad.example/" }));
    assert.deepEqual(told, []);
  });
});
