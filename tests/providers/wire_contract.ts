// What every provider over HTTP must do with bytes and connections, however its server writes them.
import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { type Fetch, type Provider, ProviderError } from "../../src/providers/provider.ts";
import { type Answer, caught, GLOB, hear, never, READ, REQUEST } from "./contract.ts";

/** A member by its wire alone. */
export type Wire = {
  provider(options: { readonly fetch: Fetch; readonly baseUrl: string }): Provider;
  /** The answer as its server writes it. */
  respond(answer: Answer): Response;
  /** How many tokens a request's body allows to come back. */
  limitOf(body: unknown): unknown;
};

const ANSWERS: readonly Answer[] = [
  { text: ["Grüße ", "aus 東京 😀\n", "fertig."], usage: { prompt: 19, completion: 10 } },
  { reasoning: "Zwei und zwei… 🤔", text: ["Vier."] },
  { text: ["I look."], calls: [READ, GLOB] },
];

export function testWire(name: string, wire: Wire): void {
  testCuts(name, wire);
  testRequests(name, wire);
  testFailures(name, wire);
  testConnections(name, wire);
}

function testCuts(name: string, wire: Wire): void {
  for (const answer of ANSWERS) {
    const what = Object.keys(answer).join(" and ");
    Deno.test(`${name}: stream() hears the same ${what} wherever it is cut`, async () => {
      const bytes = await wire.respond(answer).bytes();
      const expected = await hear(play(wire, [bytes]));
      assert.equal(expected.text, (answer.text ?? []).join(""));
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      assert.deepEqual(await hear(play(wire, single)), expected, "byte by byte");
      for (let cut = 1; cut < bytes.length; cut++) {
        const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
        assert.deepEqual(await hear(play(wire, pieces)), expected, `cut at ${cut}`);
      }
    });
  }

  Deno.test(`${name}: stream() tells two calls with one id apart`, async () => {
    const bytes = await wire.respond({ calls: [READ, { ...GLOB, id: READ.id }] }).bytes();
    const { calls } = await hear(play(wire, [bytes]));
    assert.deepEqual(calls.map((call) => call.name), ["Read", "Glob"]);
    assert.equal(new Set(calls.map((call) => call.id)).size, 2);
  });
}

function testRequests(name: string, wire: Wire): void {
  Deno.test({
    name: `${name}: stream() works without any permission`,
    permissions: "none",
    fn: async () => {
      assert.equal((await hear(answering(wire, { text: ["Hi"] }))).text, "Hi");
    },
  });

  Deno.test(`${name}: stream() serves two requests at once`, async () => {
    const provider = answering(wire, { text: ["Hi"] });
    const [one, two] = await Promise.all([hear(provider), hear(provider)]);
    assert.deepEqual([one.text, two.text], ["Hi", "Hi"]);
  });

  Deno.test(`${name}: stream() sends the limit of a small call, and no key`, async () => {
    const asked: { limit: unknown; keys: (string | null)[] }[] = [];
    const provider = wire.provider({
      baseUrl: BASE_URL,
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const keys = KEY_HEADERS.map((header) => request.headers.get(header));
        asked.push({ limit: wire.limitOf(await request.json()), keys });
        return wire.respond({ text: ["Hi"] });
      },
    });
    await hear(provider, { ...REQUEST, maxOutputTokens: 16 });
    assert.deepEqual(asked, [{ limit: 16, keys: KEY_HEADERS.map(() => null) }]);
  });

  Deno.test(`${name}: stream() asks an overloaded server once and tells how long to wait`, async () => {
    let asked = 0;
    const provider = over(wire, () => {
      asked++;
      return new Response("", { status: 503, headers: { "retry-after": "7" } });
    });
    const error = await caught(hear(provider));
    assert.ok(error instanceof ProviderError);
    const { message, failure, retryAfterMs } = error;
    assert.deepEqual({ message, failure, retryAfterMs, asked }, {
      message: `${provider.name}: HTTP 503`,
      failure: "overloaded",
      retryAfterMs: 7000,
      asked: 1,
    });
  });
}

function testFailures(name: string, wire: Wire): void {
  const broken: Readonly<Record<string, { response: () => Response; failure: string }>> = {
    "an empty body": { response: () => stream([]), failure: "protocol" },
    "no body": {
      response: () => new Response(null, { headers: EVENT_STREAM }),
      failure: "protocol",
    },
    "an event that is no JSON": {
      response: () => stream([encoded('data: {"type": \n\n')]),
      failure: "protocol",
    },
    "an HTML page with status 200": {
      response: () => new Response("<html>", { headers: { "content-type": "text/html; a=b" } }),
      failure: "protocol",
    },
    "a connection that breaks off": {
      response: () => new Response(breakingOff(new TypeError("reset by peer")), HEAD),
      failure: "network",
    },
  };
  for (const [what, { response, failure }] of Object.entries(broken)) {
    Deno.test(`${name}: stream() throws ${failure} when it gets ${what}`, async () => {
      const error = await caught(hear(over(wire, response)));
      assert.ok(error instanceof ProviderError, `${error}`);
      assert.equal(error.failure, failure);
      assert.doesNotMatch(error.message, /\n|\.$/);
    });
  }

  Deno.test(`${name}: stream() throws protocol when the answer stops half way`, async () => {
    const bytes = await wire.respond({ text: ["one ", "two ", "three "] }).bytes();
    const text = new TextDecoder().decode(bytes);
    const error = await caught(hear(play(wire, [encoded(text.slice(0, text.indexOf("three")))])));
    assert.ok(error instanceof ProviderError);
    assert.equal(error.failure, "protocol");
  });

  Deno.test(`${name}: stream() passes on a WorkerError of its fetch`, async () => {
    const refusal = new WorkerError("budget", "Budget is used up");
    const fetches: Fetch[] = [
      () => Promise.reject(refusal),
      () => Promise.resolve(new Response(breakingOff(refusal), HEAD)),
    ];
    for (const fetch of fetches) {
      const provider = wire.provider({ baseUrl: BASE_URL, fetch });
      assert.equal(await caught(hear(provider)), refusal);
    }
  });

  Deno.test(`${name}: stream() throws network when nobody listens`, async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    listener.close();
    const baseUrl = `http://127.0.0.1:${listener.addr.port}/v1`;
    const error = await caught(hear(wire.provider({ fetch, baseUrl })));
    assert.ok(error instanceof ProviderError);
    assert.equal(error.failure, "network");
    assert.match(error.message, /: no connection: .*[^.]$/);
  });
}

function testConnections(name: string, wire: Wire): void {
  Deno.test(`${name}: stream() hangs up on a silent server when aborted`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const controller = new AbortController();
    const baseUrl = `http://127.0.0.1:${listener.addr.port}`;
    const heard = caught(listen(wire.provider({ fetch, baseUrl }), controller.signal));
    using connection = await listener.accept();
    await connection.read(new Uint8Array(1));
    controller.abort(new Error("stop"));
    assert.deepEqual(await heard, new Error("stop"));
    // Settles only when the other side has hung up.
    for await (const _ of connection.readable);
  });

  Deno.test(`${name}: stream() hangs up on a server seen talking when aborted`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const controller = new AbortController();
    const baseUrl = `http://127.0.0.1:${listener.addr.port}`;
    const stream = wire.provider({ fetch, baseUrl }).stream(REQUEST, controller.signal);
    const iterator = stream[Symbol.asyncIterator]();
    const first = iterator.next();
    using connection = await listener.accept();
    await connection.read(new Uint8Array(64 * 1024));
    const said = await beginning(wire);
    await connection.write(encoded("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"));
    await connection.write(said);
    assert.deepEqual(await first, { done: false, value: { type: "text", delta: "one " } });
    const more = caught(iterator.next());
    controller.abort(new Error("stop"));
    assert.deepEqual(await more, new Error("stop"));
    for await (const _ of connection.readable);
  });

  Deno.test(`${name}: stream() closes the connection when aborted between two events`, async () => {
    const { provider, closed } = await talkative(wire);
    const controller = new AbortController();
    const stopping = async () => {
      for await (const _ of provider.stream(REQUEST, controller.signal)) {
        controller.abort(new Error("stop"));
      }
    };
    assert.deepEqual(await caught(stopping()), new Error("stop"));
    await closed;
  });

  Deno.test(`${name}: stream() closes the connection when its reader stops`, async () => {
    const { provider, closed } = await talkative(wire);
    for await (const _ of provider.stream(REQUEST, never())) break;
    await closed;
  });

  Deno.test(`${name}: stream() closes the connection when an event makes no sense`, async () => {
    const { provider, closed } = await talkative(wire, "data: nonsense\n\n");
    assert.ok(await caught(hear(provider)) instanceof ProviderError);
    await closed;
  });
}

const BASE_URL = "http://model.invalid/v1";
const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key"] as const;
const EVENT_STREAM = { "content-type": "text/event-stream" } as const;
const HEAD = { headers: EVENT_STREAM } as const;

function over(wire: Wire, response: () => Response): Provider {
  return wire.provider({ baseUrl: BASE_URL, fetch: () => Promise.resolve(response()) });
}

function answering(wire: Wire, answer: Answer): Provider {
  return over(wire, () => wire.respond(answer));
}

function play(wire: Wire, pieces: readonly Uint8Array<ArrayBuffer>[]): Provider {
  return over(wire, () => stream(pieces));
}

function stream(pieces: readonly Uint8Array<ArrayBuffer>[]): Response {
  return new Response(ReadableStream.from(pieces), HEAD);
}

/** An answer up to its first word. */
async function beginning(wire: Wire): Promise<Uint8Array<ArrayBuffer>> {
  const text = await wire.respond({ text: ["one ", "two "] }).text();
  return encoded(text.slice(0, text.indexOf("\n\n", text.indexOf("one ")) + 2));
}

/** Says its first word, then `more`, and stays; `closed` settles when the other side hangs up. */
async function talkative(wire: Wire, more = "") {
  const closed = Promise.withResolvers<void>();
  const said = await beginning(wire);
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(said);
        if (more !== "") controller.enqueue(encoded(more));
      },
      cancel: () => closed.resolve(),
    });
  return { provider: over(wire, () => new Response(body(), HEAD)), closed: closed.promise };
}

function breakingOff(why: Error): ReadableStream<Uint8Array> {
  let asked = 0;
  return new ReadableStream({
    pull(controller) {
      if (asked++ > 0) return controller.error(why);
      controller.enqueue(encoded(": nothing yet\n\n"));
    },
  }, { highWaterMark: 0 });
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function listen(provider: Provider, signal: AbortSignal): Promise<void> {
  for await (const _ of provider.stream(REQUEST, signal));
}
