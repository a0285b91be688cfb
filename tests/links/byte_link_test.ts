import { strict as assert } from "node:assert";
import { setImmediate } from "node:timers/promises";
import { ByteLink } from "../../src/links/byte_link.ts";
import type { ByteConnection } from "../../src/links/byte_connection.ts";
import { LineFraming } from "../../src/links/line_framing.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { sendUntilFull } from "./contract.ts";

Deno.test("ByteLink joins small frames into few writes", async () => {
  const { link, connection } = linkOver(new FakeClock());
  for (let index = 0; index < 1_000; index++) await link.send(`${index}`);
  await settle();
  assert.equal(connection.written.join("").split("\n").length, 1_001);
  assert.ok(connection.written.length < 5, `${connection.written.length} writes`);
  await hangUpBoth(link, connection);
});

Deno.test("ByteLink writes on when a write takes only a part", async () => {
  const { link, connection } = linkOver(new FakeClock(), { bytesAWrite: 3 });
  await link.send("a longer text");
  for (let write = 0; write < 14 / 3; write++) await settle();
  assert.equal(connection.written.join(""), "a longer text\n");
  await hangUpBoth(link, connection);
});

Deno.test("ByteLink gives a reader up that takes nothing for 30 s", async () => {
  const clock = new FakeClock();
  const { link, connection } = linkOver(clock, { bytesAWrite: 0 });
  const { waiting } = await sendUntilFull(link, "x".repeat(700_000));
  const refused = assert.rejects(waiting, { name: "WorkerError", fault: "connection_lost" });
  await clock.advance(29_999);
  assert.equal(connection.isClosed, false);
  await clock.advance(1);
  await refused;
  assert.equal(connection.isClosed, true);
  await assert.rejects(async () => await link.send("more"), { fault: "connection_lost" });
  await link.closed;
  await link.close();
  assert.deepEqual(clock.waits, []);
});

Deno.test("ByteLink keeps a reader that takes a little now and then", async () => {
  const clock = new FakeClock();
  const { link, connection } = linkOver(clock, { bytesAWrite: 0 });
  const { waiting } = await sendUntilFull(link, "x".repeat(700_000));
  for (let round = 0; round < 5; round++) {
    await clock.advance(29_000);
    connection.take(1_000);
  }
  await settle();
  connection.take(Infinity);
  await waiting;
  await hangUpBoth(link, connection);
});

Deno.test("close() waits 5 s for what is queued, then hangs up", async () => {
  const clock = new FakeClock();
  const { link, connection } = linkOver(clock, { bytesAWrite: 0 });
  await link.send("text");
  const closing = link.close();
  await clock.advance(4_999);
  assert.equal(connection.isClosed, false);
  await clock.advance(1);
  await closing;
  assert.equal(connection.isClosed, true);
});

Deno.test("close() waits 1 s for the peer to hang up, and drops what still comes", async () => {
  const clock = new FakeClock();
  const { link, connection } = linkOver(clock);
  const closing = link.close();
  connection.arrive("late\n");
  await clock.advance(999);
  assert.deepEqual([connection.isWriteClosed, connection.isClosed], [true, false]);
  await clock.advance(1);
  await closing;
  assert.equal(connection.isClosed, true);
  assert.deepEqual(await Array.fromAsync(link.frames), []);
});

Deno.test("ByteLink stops reading while nobody takes what came", async () => {
  const clock = new FakeClock();
  const { link, connection } = linkOver(clock);
  const chunk = `${"x".repeat(60_000)}\n`;
  for (let count = 0; count < 100; count++) {
    connection.arrive(chunk);
    await Promise.resolve();
  }
  await settle();
  assert.ok(connection.reads < 40, `${connection.reads} reads`);
  connection.arrive(null);
  assert.equal((await Array.fromAsync(link.frames)).length, 100);
  await link.close();
});

Deno.test("ByteLink reads the bytes that came with the handshake first", async () => {
  const early = new TextEncoder().encode("first\nsec");
  const { link, connection } = linkOver(new FakeClock(), { early });
  connection.arrive("ond\n");
  connection.arrive(null);
  assert.deepEqual(await Array.fromAsync(link.frames), ["first", "second"]);
  await link.close();
});

type FakeOptions = { bytesAWrite?: number; early?: Uint8Array };

function linkOver(clock: FakeClock, options: FakeOptions = {}) {
  const connection = new FakeConnection(options.bytesAWrite ?? Infinity);
  const early = options.early ?? new Uint8Array();
  return {
    link: new ByteLink(connection, { framing: new LineFraming(), clock, early }),
    connection,
  };
}

async function hangUpBoth(link: ByteLink, connection: FakeConnection): Promise<void> {
  connection.arrive(null);
  await link.close();
}

/** The other side takes `bytesAWrite` of each write; of none at 0, until `take` allows more. */
class FakeConnection implements ByteConnection {
  readonly written: string[] = [];
  isClosed = false;
  isWriteClosed = false;
  reads = 0;
  #bytesAWrite: number;
  #more = Promise.withResolvers<void>();
  #arrived: (Uint8Array | null)[] = [];
  #arrival = Promise.withResolvers<void>();
  readonly #hungUp = Promise.withResolvers<never>();

  constructor(bytesAWrite: number) {
    this.#bytesAWrite = bytesAWrite;
    this.#hungUp.promise.catch(() => {});
  }

  arrive(text: string | null): void {
    this.#arrived.push(text === null ? null : new TextEncoder().encode(text));
    this.#arrival.resolve();
  }

  take(bytes: number): void {
    this.#bytesAWrite = bytes;
    this.#more.resolve();
  }

  async read(into: Uint8Array): Promise<number | null> {
    this.reads++;
    while (this.#arrived.length === 0) {
      await Promise.race([this.#arrival.promise, this.#hungUp.promise]);
      this.#arrival = Promise.withResolvers();
    }
    const chunk = this.#arrived.shift() ?? null;
    if (chunk === null) return null;
    into.set(chunk);
    return chunk.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (this.#bytesAWrite === 0) await this.#more.promise;
    this.#more = Promise.withResolvers();
    const taken = bytes.subarray(0, Math.min(this.#bytesAWrite, bytes.length));
    if (this.#bytesAWrite === 1_000) this.#bytesAWrite = 0;
    this.written.push(new TextDecoder().decode(taken));
    await setImmediate();
    return taken.length;
  }

  closeWrite(): Promise<void> {
    this.isWriteClosed = true;
    return Promise.resolve();
  }

  close(): void {
    if (this.isClosed) throw new Deno.errors.BadResource();
    this.isClosed = true;
    this.#hungUp.reject(new Deno.errors.Interrupted());
  }
}
