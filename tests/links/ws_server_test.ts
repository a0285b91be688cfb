import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import type { FrameLink } from "../../src/links/frame_link.ts";
import { connectWebSocket } from "../../src/links/ws_client.ts";
import { listenWebSocket } from "../../src/links/ws_server.ts";
import { take, testLinks } from "./contract.ts";
import {
  firstLink,
  handshake,
  maskedFrame,
  portOf,
  type RawClient,
  rawTcp,
  rawWebSocket,
} from "./sockets.ts";

const never = new AbortController().signal;
const options = { clock: systemClock, isAllowedPeer: () => true };
const TOKEN = "0123456789abcdef";

testLinks("web socket", async () => {
  const listener = listenWebSocket({ ...options, token: TOKEN });
  const [near, far] = await Promise.all([
    connectWebSocket(listener.endpoint, { clock: systemClock, token: TOKEN }, never),
    firstLink(listener),
  ]);
  const close = async () => void await Promise.all([near.close(), far.close(), listener.close()]);
  return { near, far, [Symbol.asyncDispose]: close };
});

Deno.test("web socket: the runtime's own client talks to it", async (t) => {
  await using listener = listenWebSocket(options);
  const socket = new WebSocket(listener.endpoint);
  const received: string[] = [];
  const gotThree = new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => received.push(data) === 3 && resolve();
  });
  const opened = new Promise((resolve) => socket.onopen = resolve);
  const [link] = await Promise.all([firstLink(listener), opened]);
  const texts = ["hello", "ü".repeat(40_000), "x".repeat(17 * 1024 * 1024)];

  await t.step("small, middle and large messages to it", async () => {
    for (const text of texts) await link.send(text);
    await gotThree;
    assert.equal(received.every((text, index) => text === texts[index]), true);
  });
  await t.step("messages from it, but no binary ones", async () => {
    socket.send(new Uint8Array([1, 2, 3]));
    for (const text of texts.slice(0, 2)) socket.send(text);
    assert.deepEqual(await take(link, 2), texts.slice(0, 2));
  });
  await t.step("an orderly goodbye", async () => {
    const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
    socket.close(1000);
    await link.closed;
    await link.close();
    const { code, wasClean } = await closed;
    assert.deepEqual({ code, wasClean }, { code: 1000, wasClean: true });
  });
});

const refusals: { why: string; headers: Record<string, string | undefined>; status: number }[] = [
  { why: "no token", headers: { authorization: undefined }, status: 401 },
  { why: "a wrong token", headers: { authorization: `Bearer ${TOKEN}x` }, status: 401 },
  { why: "another scheme", headers: { authorization: `Basic ${TOKEN}` }, status: 401 },
  { why: "a web page", headers: { origin: "http://evil.example" }, status: 403 },
  { why: "a page of no origin", headers: { origin: "null" }, status: 403 },
  { why: "another host name", headers: { host: "evil.example" }, status: 403 },
  { why: "a host name that points here", headers: { host: "localhost:1" }, status: 403 },
  { why: "no host", headers: { host: undefined }, status: 403 },
  { why: "plain HTTP", headers: { upgrade: undefined }, status: 426 },
  { why: "another upgrade", headers: { upgrade: "h2c" }, status: 426 },
  { why: "another version", headers: { "sec-websocket-version": "8" }, status: 400 },
  { why: "no key", headers: { "sec-websocket-key": undefined }, status: 400 },
  { why: "a short key", headers: { "sec-websocket-key": "c2hvcnQ=" }, status: 400 },
  { why: "no connection header", headers: { connection: "keep-alive" }, status: 400 },
];
for (const { why, headers, status } of refusals) {
  Deno.test(`web socket: refuses ${why}`, async () => {
    await using listener = listenWebSocket({ ...options, token: TOKEN });
    using client = await rawTcp(listener.endpoint);
    const all = { authorization: `Bearer ${TOKEN}`, ...headers };
    await client.write(handshake(listener.endpoint, all));
    const answer = new TextDecoder().decode(await client.readToEnd());
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
  });
}

Deno.test("web socket: a peer that is not allowed hears nothing", async () => {
  const asked: number[][] = [];
  const isAllowedPeer = (...ports: number[]) => asked.push(ports) < 0;
  await using listener = listenWebSocket({ clock: systemClock, isAllowedPeer });
  using client = await rawTcp(listener.endpoint);
  assert.deepEqual(await client.readToEnd(), new Uint8Array());
  assert.deepEqual(asked.map(([, local]) => local), [portOf(listener.endpoint)]);
});

Deno.test("web socket: a peer is refused when its owner cannot be told", async () => {
  const isAllowedPeer = () => {
    throw new TypeError("no /proc");
  };
  await using listener = listenWebSocket({ clock: systemClock, isAllowedPeer });
  using client = await rawTcp(listener.endpoint);
  assert.deepEqual(await client.readToEnd(), new Uint8Array());
});

Deno.test("connectWebSocket() refuses an endpoint that is not on this machine", async () => {
  const endpoints = [
    "ws://example.com:80",
    "wss://127.0.0.1:80",
    "ws://127.0.0.1",
    "",
    "ws://127.0.0.1:70000",
  ];
  for (const endpoint of endpoints) {
    const connecting = connectWebSocket(endpoint, { clock: systemClock }, never);
    await assert.rejects(connecting, { name: "WorkerError", fault: "bad_input" });
  }
});

Deno.test("connectWebSocket() rejects when the worker refuses or has gone", async () => {
  const listener = listenWebSocket({ ...options, token: TOKEN });
  const connect = () => connectWebSocket(listener.endpoint, { clock: systemClock }, never);
  await assert.rejects(connect(), { fault: "connection_lost", message: /401 Unauthorized/ });
  await listener.close();
  await assert.rejects(connect(), { fault: "connection_lost" });
});

Deno.test("connectWebSocket() rejects with the abort reason while the worker is mute", async () => {
  await using source = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const controller = new AbortController();
  const endpoint = `ws://127.0.0.1:${source.addr.port}`;
  const connecting = connectWebSocket(endpoint, { clock: systemClock }, controller.signal);
  using _accepted = await source.accept();
  controller.abort(new Error("stop"));
  await assert.rejects(connecting, { message: "stop" });
});

Deno.test("web socket: small frames leave without waiting for more", async () => {
  await using listener = listenWebSocket(options);
  const [near, far] = await Promise.all([
    connectWebSocket(listener.endpoint, { clock: systemClock }, never),
    firstLink(listener),
  ]);
  const frames = near.frames[Symbol.asyncIterator]();
  const begun = systemClock.monotonic();
  for (let round = 0; round < 20; round++) {
    for (const text of ["a", "b", "c"]) await far.send(text);
    for (const text of ["a", "b", "c"]) assert.equal((await frames.next()).value, text);
  }
  assert.ok(systemClock.monotonic() - begun < 400, "delayed acknowledgements cost 40 ms a round");
  await Promise.all([near.close(), far.close()]);
});

const attacks: { why: string; attack(client: RawClient): Promise<void>; frames?: string[] }[] = [
  { why: "silence", attack: () => Promise.resolve() },
  { why: "noise", attack: (client) => client.write(new Uint8Array(100_000).fill(0xa5)) },
  { why: "a frame cut short", attack: (client) => client.write(maskedFrame("{}").subarray(0, 15)) },
  {
    why: "a frame said to be of 100 MB",
    attack: (client) => client.write(maskedFrame("x", { claimedBytes: 100_000_000 })),
  },
  {
    why: "a frame said to be of 2^63 bytes",
    attack: (client) => client.write(maskedFrame("x", { claimedBytes: 2 ** 63 })),
  },
  {
    why: "100 MB that are sent",
    attack: (client) => client.write(maskedFrame(new Uint8Array(100_000_000).fill(0x78))),
  },
  {
    why: "a message of 80 MiB in pieces",
    async attack(client) {
      const piece = new Uint8Array(16 * 1024 * 1024).fill(0x78);
      await client.write(maskedFrame(piece, { firstByte: 0x01 }));
      for (let count = 0; count < 4; count++) {
        await client.write(maskedFrame(piece, { firstByte: 0x00 }));
      }
    },
  },
  {
    why: "bytes that are no UTF-8",
    attack: (client) => client.write(maskedFrame(new Uint8Array([0xff, 0xc0]))),
  },
  {
    why: "a frame without mask",
    attack: (client) => client.write(new Uint8Array([0x81, 2, 0x7b, 0x7d])),
  },
  {
    why: "reserved bits",
    attack: (client) => client.write(maskedFrame("{}", { firstByte: 0xc1 })),
  },
  {
    why: "an unknown opcode",
    attack: (client) => client.write(maskedFrame("{}", { firstByte: 0x83 })),
  },
  {
    why: "a continuation of nothing",
    attack: (client) => client.write(maskedFrame("{}", { firstByte: 0x80 })),
  },
  {
    why: "a long ping",
    attack: (client) => client.write(maskedFrame("x".repeat(126), { firstByte: 0x89 })),
  },
  {
    why: "100,000 levels of nesting",
    attack: (client) => client.write(maskedFrame("[".repeat(100_000))),
    frames: ["[".repeat(100_000)],
  },
  {
    why: "the same frame again and again",
    attack: (client) =>
      client.write(maskedFrame('{"kind":"run"}')).then(() =>
        client.write(maskedFrame('{"kind":"run"}'))
      ),
    frames: ['{"kind":"run"}', '{"kind":"run"}'],
  },
];
for (const { why, attack, frames = [] } of attacks) {
  Deno.test(`web socket: after ${why} others are served`, async () => {
    await using listener = listenWebSocket(options);
    const client = await rawWebSocket(listener.endpoint);
    const link = await firstLink(listener);
    const reading = Array.fromAsync(link.frames);
    await attack(client);
    await assertServes(listener.endpoint, () => firstLink(listener));
    client[Symbol.dispose]();
    assert.deepEqual(await reading, frames);
    await link.close();
  });
}

Deno.test("web socket: tells a peer that breaks the rules why it hangs up", async (t) => {
  const cases = [
    { why: "too big", frame: maskedFrame("", { claimedBytes: 17 * 1024 * 1024 }), code: 1009 },
    { why: "no UTF-8", frame: maskedFrame(new Uint8Array([0xff])), code: 1007 },
    { why: "no mask", frame: new Uint8Array([0x81, 0]), code: 1002 },
  ];
  for (const { why, frame, code } of cases) {
    await t.step(why, async () => {
      await using listener = listenWebSocket(options);
      const client = await rawWebSocket(listener.endpoint);
      const link = await firstLink(listener);
      await client.write(frame);
      await link.closed;
      const closing = link.close();
      assert.deepEqual(await client.readToEnd(), new Uint8Array([0x88, 2, code >> 8, code & 0xff]));
      client[Symbol.dispose]();
      await closing;
    });
  }
});

Deno.test("web socket: answers a ping with its payload", async () => {
  await using listener = listenWebSocket(options);
  const client = await rawWebSocket(listener.endpoint);
  const link = await firstLink(listener);
  await client.write(maskedFrame("beat", { firstByte: 0x89 }));
  assert.deepEqual(await client.read(), new Uint8Array([0x8a, 4, 0x62, 0x65, 0x61, 0x74]));
  client[Symbol.dispose]();
  await link.close();
});

Deno.test("web socket: mute connections keep nobody out", async () => {
  await using listener = listenWebSocket(options);
  const mute: RawClient[] = [];
  for (let count = 0; count < 200; count++) mute.push(await rawTcp(listener.endpoint));
  await assertServes(listener.endpoint, () => firstLink(listener));
  for (const client of mute) client[Symbol.dispose]();
});

async function assertServes(endpoint: string, accept: () => Promise<FrameLink>): Promise<void> {
  const [near, far] = await Promise.all([
    connectWebSocket(endpoint, { clock: systemClock }, never),
    accept(),
  ]);
  await near.send("question");
  assert.deepEqual(await take(far, 1), ["question"]);
  await far.send("answer");
  assert.deepEqual(await take(near, 1), ["answer"]);
  await Promise.all([near.close(), far.close()]);
}
