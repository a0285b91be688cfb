// Hostile clients on the real socket of a whole worker; after each of them a host is served as ever.
import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { createEchoExecutor } from "../../src/executors/echo.ts";
import { connectWebSocket } from "../../src/links/ws_client.ts";
import { listenWebSocket } from "../../src/links/ws_server.ts";
import { encodeFrame } from "../../src/protocol/encode.ts";
import { serveReusable } from "../../src/serving/reusable.ts";
import { handshake, maskedFrame, type RawClient, rawTcp, rawWebSocket } from "../links/sockets.ts";
import { Host, run, servingOptions, tell } from "./hosts.ts";

const text = (value: string) => maskedFrame(value);
const RUN = encodeFrame(run("a"));

const frames: { why: string; frames: Uint8Array[] }[] = [
  {
    why: "a stale approval",
    frames: [text('{"kind":"approval_reply","id":"sa-0","approved":true}')],
  },
  { why: "the same run again and again", frames: Array(50).fill(text(RUN)) },
  {
    why: "frames in a wrong order",
    frames: [text('{"kind":"message","text":"x"}'), text('{"kind":"cancel"}'), text(RUN)],
  },
  { why: "a frame cut short", frames: [text(RUN).subarray(0, -3)] },
  {
    why: "a frame said to be of 100 MB",
    frames: [maskedFrame("x", { claimedBytes: 100_000_000 })],
  },
  { why: "100 MB that are sent", frames: [maskedFrame(new Uint8Array(100_000_000).fill(0x20))] },
  { why: "100,000 levels of arrays", frames: [text("[".repeat(100_000) + "]".repeat(100_000))] },
  {
    why: "100,000 levels in a field",
    frames: [
      text(
        `{"kind":"run","assignment":"a","messages":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      ),
    ],
  },
  { why: "100,000 levels of objects", frames: [text('{"a":'.repeat(100_000))] },
  { why: "bytes that are no UTF-8", frames: [maskedFrame(new Uint8Array([0x7b, 0xff, 0x7d]))] },
  {
    why: "keys named __proto__",
    frames: [
      text('{"__proto__":{"kind":"run","assignment":"x"},"kind":"cancel"}'),
      text('{"kind":"__proto__"}'),
    ],
  },
  { why: "binary frames", frames: [maskedFrame(RUN, { firstByte: 0x82 })] },
  { why: "5,000 frames of nonsense", frames: Array(5_000).fill(text("nonsense")) },
  {
    why: "5,000 pings that nobody reads the answers to",
    frames: Array(5_000).fill(maskedFrame("x".repeat(125), { firstByte: 0x89 })),
  },
  { why: "nothing but silence", frames: [] },
];
for (const { why, frames: sent } of frames) {
  Deno.test(`a worker serves on after ${why}`, async () => {
    await using worker = startWorker();
    const attacker = await rawWebSocket(worker.endpoint);
    for (const frame of sent) await attacker.write(frame);
    // Who has sent a valid frame is served until it goes.
    attacker[Symbol.dispose]();
    await assertCleanRun(worker.endpoint);
  });
}

const streams: { why: string; bytes(endpoint: string): string | Uint8Array }[] = [
  { why: "plain HTTP", bytes: () => "GET / HTTP/1.1\r\nhost: x\r\n\r\n" },
  {
    why: "plain HTTP with a body",
    bytes: () => `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n${RUN}`,
  },
  {
    why: "a handshake with an origin",
    bytes: (it) => handshake(it, { origin: "http://localhost" }),
  },
  { why: "half a handshake", bytes: (it) => handshake(it).slice(0, 60) },
  { why: "an endless header", bytes: () => `GET / HTTP/1.1\r\nx: ${"y".repeat(100_000)}` },
  {
    why: "TLS",
    bytes: () => new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc]),
  },
  { why: "a frame without a handshake", bytes: () => text(RUN) },
  { why: "nothing", bytes: () => "" },
];
for (const { why, bytes } of streams) {
  Deno.test(`a worker serves on beside a connection that sent ${why}`, async () => {
    await using worker = startWorker();
    using attacker = await rawTcp(worker.endpoint);
    await attacker.write(bytes(worker.endpoint));
    await assertCleanRun(worker.endpoint);
  });
}

Deno.test("a worker serves a host beside 100 mute handshakes and 100 mute links", async () => {
  await using worker = startWorker();
  const mute: RawClient[] = [];
  for (let count = 0; count < 100; count++) {
    mute.push(await rawTcp(worker.endpoint), await rawWebSocket(worker.endpoint));
  }
  await assertCleanRun(worker.endpoint);
  for (const client of mute) client[Symbol.dispose]();
});

function startWorker() {
  const clock = systemClock;
  const listener = listenWebSocket({ clock, isAllowedPeer: () => true });
  const controller = new AbortController();
  const options = {
    ...servingOptions(createEchoExecutor({ clock }), clock),
    idleTimeoutMs: 60_000,
  };
  const serving = serveReusable(listener, options, controller.signal).catch(() => {});
  return {
    endpoint: listener.endpoint,
    async [Symbol.asyncDispose]() {
      controller.abort(new Error("over"));
      await serving;
    },
  };
}

async function assertCleanRun(endpoint: string): Promise<void> {
  const never = new AbortController().signal;
  const host = new Host(await connectWebSocket(endpoint, { clock: systemClock }, never));
  await host.link.send(encodeFrame(run("clean run")));
  while (host.terminals.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(host.frames.map(tell), ["clean ", "run ", "complete", "completed"]);
  await host.link.close();
  await host.ended;
}
