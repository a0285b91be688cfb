// What every Fabric keeps. A member's test file calls this.
import { strict as assert } from "node:assert";
import type { Fabric } from "../../src/fabric/fabric.ts";
import type { AgentRecord } from "../../src/protocol/record.ts";
import { formatTimestamp } from "../../src/core/timestamp.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A new, empty fabric. */
export interface FabricUnderTest extends Disposable {
  readonly fabric: Fabric;
}

const clock = new FakeClock();

/** A record that lives for `livesMs` from the fake clock's start. */
export function record(changes: Partial<AgentRecord> & { livesMs?: number } = {}): AgentRecord {
  const { livesMs = 60_000, ...fields } = changes;
  return {
    agent_id: "c-7",
    role: "worker",
    labels: ["sandbox=kernel"],
    endpoint: "ws://127.0.0.1:40123",
    pid: 4242,
    version: "0.1.0",
    started_at: "2026-06-18T10:00:00.123456789Z",
    lease_expires_at: formatTimestamp(clock.now() + livesMs),
    ...fields,
  };
}

export const unsafeIds = [
  "",
  ".",
  "..",
  "../c-7",
  "a/b",
  "/etc/c",
  ".c",
  "a\0",
  "a b",
  "ä",
  "x".repeat(300),
];

export function testFabric(name: string, open: (clock: FakeClock) => FabricUnderTest): void {
  test("a published agent is resolved and discovered as it was published", async ({ fabric }) => {
    await fabric.publish(record());
    assert.deepEqual(await fabric.resolve("c-7"), record());
    assert.deepEqual(await fabric.discover(), [record()]);
  });

  test("before anything was published there is nobody", async ({ fabric }) => {
    assert.equal(await fabric.resolve("c-7"), undefined);
    assert.deepEqual(await fabric.discover(), []);
    await fabric.withdraw(record());
    await fabric.gc();
  });

  test("discover() sorts by id and drops who is expired", async ({ fabric }) => {
    for (const agent_id of ["b", "a", "c#mcp"]) await fabric.publish(record({ agent_id }));
    await fabric.publish(record({ agent_id: "aa", livesMs: 0 }));
    const found = await fabric.discover();
    assert.deepEqual(found.map(({ agent_id }) => agent_id), ["a", "b", "c#mcp"]);
  });

  test(
    "an agent is live until its lease is over, and again after a renewal",
    async ({ fabric }, clock) => {
      await fabric.publish(record());
      await clock.advance(59_999);
      assert.deepEqual(await fabric.resolve("c-7"), record());
      await clock.advance(1);
      assert.equal(await fabric.resolve("c-7"), undefined);
      assert.equal(await fabric.renew(record({ livesMs: 120_000 })), "renewed");
      assert.deepEqual(await fabric.resolve("c-7"), record({ livesMs: 120_000 }));
    },
  );

  test("publish() takes the place of another's record", async ({ fabric }) => {
    await fabric.publish(record());
    await fabric.publish(record({ pid: 4243 }));
    assert.deepEqual(await fabric.resolve("c-7"), record({ pid: 4243 }));
  });

  for (
    const changes of [{ pid: 1 }, { started_at: "2026-06-18T10:00:01Z" }, {
      endpoint: "ws://127.0.0.1:1",
    }]
  ) {
    test(`another's record is left alone: ${JSON.stringify(changes)}`, async ({ fabric }) => {
      await fabric.publish(record(changes));
      assert.equal(await fabric.renew(record()), "replaced");
      await fabric.withdraw(record());
      assert.deepEqual(await fabric.resolve("c-7"), record(changes));
    });
  }

  test("renew() brings a record back that is gone", async ({ fabric }) => {
    await fabric.publish(record());
    await fabric.withdraw(record());
    assert.equal(await fabric.renew(record()), "renewed");
    assert.deepEqual(await fabric.resolve("c-7"), record());
  });

  test("withdraw() removes the own record, whatever its lease, and may be repeated", async ({ fabric }) => {
    await fabric.publish(record());
    await fabric.withdraw(record({ livesMs: 1 }));
    await fabric.withdraw(record());
    assert.deepEqual(await fabric.discover(), []);
  });

  test("gc() removes who is expired, not who lives", async ({ fabric }, clock) => {
    await fabric.publish(record({ agent_id: "old", livesMs: 1_000 }));
    await fabric.publish(record({ agent_id: "new" }));
    await clock.advance(1_000);
    await fabric.gc();
    assert.equal(
      await fabric.renew(record({ agent_id: "old", pid: 9, livesMs: 9_000 })),
      "renewed",
    );
    const found = await fabric.discover();
    assert.deepEqual(found.map(({ agent_id }) => agent_id), ["new", "old"]);
  });

  for (const agent_id of unsafeIds) {
    test(`an id that is no file name is refused: ${JSON.stringify(agent_id.slice(0, 20))}`, async ({ fabric }) => {
      const unsafe = record({ agent_id });
      const refusal = { name: "WorkerError", fault: "bad_input" };
      await assert.rejects(fabric.publish(unsafe), refusal);
      await assert.rejects(fabric.renew(unsafe), refusal);
      await assert.rejects(fabric.withdraw(unsafe), refusal);
      assert.equal(await fabric.resolve(agent_id), undefined);
    });
  }

  function test(what: string, check: (opened: FabricUnderTest, clock: FakeClock) => Promise<void>) {
    Deno.test(`${name}: ${what}`, async () => {
      const clock = new FakeClock();
      using opened = open(clock);
      await check(opened, clock);
    });
  }
}
