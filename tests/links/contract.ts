// What every FrameLink and every FrameListener keeps. A member's test file calls this.
import { strict as assert } from "node:assert";
import type { FrameLink } from "../../src/links/frame_link.ts";

/** Two ends of one connection, and what stands behind them. */
export interface LinkPair extends AsyncDisposable {
  readonly near: FrameLink;
  readonly far: FrameLink;
}

export function testLinks(name: string, open: () => Promise<LinkPair>): void {
  test("frames come in the order they were sent, both ways at once", async ({ near, far }) => {
    const [to, fro] = [numbered("to", 2_000), numbered("fro", 2_000)];
    const [seenFar, seenNear] = await Promise.all([
      take(far, to.length),
      take(near, fro.length),
      sendAll(near, to),
      sendAll(far, fro),
    ]);
    assert.deepEqual(seenFar, to);
    assert.deepEqual(seenNear, fro);
  });

  test("a frame of any text arrives as it was", async ({ near, far }) => {
    const texts = ["", "{}", '{"a":"ünï😀"}', "x".repeat(125), "x".repeat(126), "é".repeat(70)];
    const large = ["y".repeat(65_535), "y".repeat(65_536), "ü".repeat(40_000)];
    const [seen] = await Promise.all([
      take(far, texts.length + large.length),
      sendAll(near, [...texts, ...large]),
    ]);
    assert.deepEqual(seen, [...texts, ...large]);
  });

  test("a frame of 15 MiB arrives, and one behind it", async ({ near, far }) => {
    const big = "z".repeat(15 * 1024 * 1024);
    const [seen] = await Promise.all([take(far, 2), sendAll(near, [big, "after"])]);
    assert.equal(seen[0] === big, true);
    assert.equal(seen[1], "after");
  });

  test("close() sends what is queued, then ends the other's frames", async ({ near, far }) => {
    const texts = numbered("queued", 500);
    const sent = texts.map(async (text) => await near.send(text));
    const closing = near.close();
    const seen = await Array.fromAsync(far.frames);
    await Promise.allSettled(sent);
    await far.close();
    await closing;
    assert.deepEqual(seen, texts);
  });

  test("close() ends both ends, and more of it is harmless", async ({ near, far }) => {
    const farGone = Array.fromAsync(far.frames).then(() => far.close());
    await Promise.all([near.close(), farGone, near.closed, far.closed]);
    await Promise.all([near.close(), far.close()]);
    assert.deepEqual(await Array.fromAsync(near.frames), []);
  });

  test("send() rejects when closed here", async ({ near, far }) => {
    await Promise.all([near.close(), far.close()]);
    await assert.rejects(async () => await near.send("late"), {
      name: "WorkerError",
      fault: "connection_lost",
    });
  });

  test("send() rejects some time after the peer has gone", async ({ near, far }) => {
    const gone = far.close();
    await Promise.all([Array.fromAsync(near.frames), near.closed]);
    const untilRefused = async () => {
      for (;;) await near.send("x".repeat(1_000));
    };
    const refused = assert.rejects(untilRefused(), { fault: "connection_lost" });
    await Promise.race([gone, refused]);
    await near.close();
    await refused;
  });

  test("send() waits for a reader that does not read, so memory stays bounded", async ({ near, far }) => {
    const { sent, waiting } = await sendUntilFull(near, "w".repeat(64 * 1024));
    const seen = await take(far, sent);
    await waiting;
    assert.equal(seen.length, sent);
    assert.ok(sent < 1_000, `${sent} frames of 64 KiB were taken`);
  });

  function test(what: string, check: (pair: LinkPair) => Promise<void>): void {
    Deno.test(`${name}: ${what}`, async () => {
      await using pair = await open();
      await check(pair);
    });
  }
}

/** The next `count` frames, or fewer if they end. */
export async function take(link: FrameLink, count: number): Promise<string[]> {
  const texts: string[] = [];
  if (count === 0) return texts;
  for await (const text of link.frames) {
    texts.push(text);
    if (texts.length === count) break;
  }
  return texts;
}

export async function sendAll(link: FrameLink, texts: readonly string[]): Promise<void> {
  for (const text of texts) await link.send(text);
}

/** Sends until a send does not resolve in many turns of the event loop. */
export async function sendUntilFull(
  link: FrameLink,
  text: string,
): Promise<{ sent: number; waiting: Promise<void> }> {
  for (let sent = 1;; sent++) {
    let hasRoom = false;
    const waiting = Promise.resolve(link.send(text)).then(() => void (hasRoom = true));
    for (let turn = 0; turn < 50 && !hasRoom; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (!hasRoom) return { sent, waiting };
  }
}

function numbered(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `{"n":"${word} ${index}"}`);
}
