import { strict as assert } from "node:assert";
import { type ReceivedFrame, RunClient } from "../../src/host/client.ts";
import { memoryLinks } from "../../src/links/memory_link.ts";
import { FakeClock } from "../support/fake_clock.ts";

const TOKEN = '{"kind":"event","event":{"type":"token","content":"hi"}}';
const DONE = '{"kind":"terminal","status":"completed","result":"hi"}';

type Pair = { readonly client: RunClient; readonly worker: ReturnType<typeof memoryLinks>[1] };

async function withPair(test: (pair: Pair) => Promise<void>): Promise<void> {
  const [host, worker] = memoryLinks({ clock: new FakeClock() });
  await using _host = host;
  await using _worker = worker;
  await test({ client: new RunClient(host), worker });
}

async function receivedBy(
  frames: AsyncIterable<ReceivedFrame>,
): Promise<readonly ReceivedFrame[]> {
  return await Array.fromAsync(frames);
}

Deno.test("run() sends the run frame at once and ends with the terminal frame", async () => {
  await withPair(async ({ client, worker }) => {
    const frames = client.run({ assignment: "say hi" });
    const [sent] = [await firstOf(worker.frames)];
    assert.equal(sent, '{"kind":"run","assignment":"say hi"}');
    for (const text of [TOKEN, DONE, TOKEN]) await worker.send(text);
    assert.deepEqual(await receivedBy(frames), [
      {
        frame: { kind: "event", event: { type: "token", content: "hi" } },
        text: TOKEN,
        isSynthetic: false,
      },
      {
        frame: { kind: "terminal", status: "completed", result: "hi" },
        text: DONE,
        isSynthetic: false,
      },
    ]);
  });
});

Deno.test("run() makes up the terminal frame of a worker that is gone", async () => {
  await withPair(async ({ client, worker }) => {
    const frames = client.run({ assignment: "x" });
    await worker.send(TOKEN);
    await worker.close();
    const received = await receivedBy(frames);
    assert.equal(received.length, 2);
    const error = "worker closed before the run ended";
    const frame = { kind: "terminal", status: "error", error, reason: "failed" } as const;
    assert.deepEqual(received[1], { frame, text: JSON.stringify(frame), isSynthetic: true });
  });
});

Deno.test("run() makes up a terminal frame for a link that is closed already", async () => {
  await withPair(async ({ client, worker }) => {
    await worker.close();
    const [only, ...more] = await receivedBy(client.run({ assignment: "x" }));
    assert.deepEqual([only?.isSynthetic, more], [true, []]);
  });
});

Deno.test("run() ends at a frame that cannot be understood", async () => {
  await withPair(async ({ client, worker }) => {
    const frames = client.run({ assignment: "x" });
    await worker.send('{"kind":"nonsense"}');
    await worker.send(DONE);
    const [only, ...more] = await receivedBy(frames);
    assert.deepEqual(more, []);
    assert.equal(only?.isSynthetic, true);
    assert.match(JSON.stringify(only.frame), /worker broke the protocol: kind: expected/);
  });
});

Deno.test("cancel(), steer() and reply() send their frames", async () => {
  await withPair(async ({ client, worker }) => {
    client.cancel();
    client.steer("also this");
    client.reply("sa-3", true);
    const sent: string[] = [];
    for await (const text of worker.frames) if (sent.push(text) === 3) break;
    assert.deepEqual(sent, [
      '{"kind":"cancel"}',
      '{"kind":"message","text":"also this"}',
      '{"kind":"approval_reply","id":"sa-3","approved":true}',
    ]);
  });
});

async function firstOf(frames: AsyncIterable<string>): Promise<string | undefined> {
  for await (const text of frames) return text;
  return undefined;
}
