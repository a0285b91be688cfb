import { strict as assert } from "node:assert";
import type { ByteConnection } from "../../src/links/byte_connection.ts";
import type { FrameLink } from "../../src/links/frame_link.ts";
import { ConnectionListener } from "../../src/links/listener.ts";
import { memoryLinks } from "../../src/links/memory_link.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

Deno.test("ConnectionListener hangs up on a handshake that takes over 10 s", async () => {
  const it = setUp((connection) => connection.handshake.promise);
  const connection = it.arrive();
  await it.clock.advance(9_999);
  assert.equal(connection.isClosed, false);
  await it.clock.advance(1);
  assert.equal(connection.isClosed, true);
  await it.listener.close();
});

Deno.test("ConnectionListener hangs up on whom it turns away, or cannot judge", async () => {
  for (
    const ready of [() => Promise.resolve(undefined), () => Promise.reject(new TypeError("bug"))]
  ) {
    const it = setUp(ready);
    const connection = it.arrive();
    await settle();
    assert.equal(connection.isClosed, true);
    await it.listener.close();
  }
});

Deno.test("ConnectionListener hangs up on the oldest of 65 handshakes", async () => {
  const it = setUp((connection) => connection.handshake.promise);
  const connections = Array.from({ length: 65 }, () => it.arrive());
  await settle();
  assert.deepEqual(connections.filter(({ isClosed }) => isClosed), connections.slice(0, 1));
  await it.listener.close();
  assert.equal(connections.every(({ isClosed }) => isClosed), true);
  assert.deepEqual(it.clock.waits, []);
});

Deno.test("ConnectionListener goes on after an accept that failed", async () => {
  const it = setUp(({ link }) => Promise.resolve(link));
  it.fail(new Error("too many open files"));
  const connection = it.arrive();
  await settle();
  assert.deepEqual(it.clock.waits, [100]);
  await it.clock.advance(100);
  for await (const link of it.listener.accept()) {
    assert.equal(link, connection.link);
    break;
  }
  await it.listener.close();
  await connection.link.close();
});

Deno.test("close() ends accept() and the links that nobody accepted, and may be repeated", async () => {
  const it = setUp(({ link }) => Promise.resolve(link));
  const accepting = Array.fromAsync(it.listener.accept());
  await settle();
  await it.listener.close();
  await it.listener.close();
  assert.deepEqual(await accepting, []);

  const unaccepted = setUp(({ link }) => Promise.resolve(link));
  const { link } = unaccepted.arrive();
  await settle();
  await unaccepted.listener.close();
  await link.closed;
});

class FakeConnection implements ByteConnection {
  isClosed = false;
  readonly link: FrameLink = memoryLinks({ clock: new FakeClock() })[0];
  readonly handshake = Promise.withResolvers<undefined>();

  read = () => Promise.resolve(null);
  write = () => Promise.resolve(0);
  closeWrite = () => Promise.resolve();

  close(): void {
    this.isClosed = true;
    this.handshake.resolve(undefined);
  }
}

function setUp(ready: (connection: FakeConnection) => Promise<FrameLink | undefined>) {
  const clock = new FakeClock();
  const arrived: (FakeConnection | Error)[] = [];
  let arrival = Promise.withResolvers<void>();
  let isClosed = false;
  const source = {
    async accept(): Promise<FakeConnection> {
      while (arrived.length === 0 && !isClosed) {
        await arrival.promise;
        arrival = Promise.withResolvers();
      }
      const next = arrived.shift() ?? new Error("closed");
      if (next instanceof Error) throw next;
      return next;
    },
    close() {
      isClosed = true;
      arrival.resolve();
    },
  };
  const listener = new ConnectionListener(source, { endpoint: "fake", clock, ready });
  const add = (what: FakeConnection | Error) => {
    arrived.push(what);
    arrival.resolve();
  };
  return {
    clock,
    listener,
    fail: (error: Error) => add(error),
    arrive() {
      const connection = new FakeConnection();
      add(connection);
      return connection;
    },
  };
}
