import { strict as assert } from "node:assert";
import { timestampMs } from "../../src/core/timestamp.ts";
import type { Fabric } from "../../src/fabric/fabric.ts";
import { type AgentCard, holdLease } from "../../src/fabric/lease.ts";
import type { AgentRecord } from "../../src/protocol/record.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { record } from "./contract.ts";

Deno.test("holdLease() publishes for 60 s and renews every 20 s", async () => {
  const { clock, fabric, hold, said } = setUp();
  const lease = await hold();
  for (let round = 0; round < 10; round++) await clock.advance(20_000);
  assert.deepEqual(
    fabric.leasesMs(),
    [60, 80, 100, 120, 140, 160, 180, 200, 220, 240, 260].map((s) => s * 1_000),
  );
  await lease[Symbol.asyncDispose]();
  assert.deepEqual(fabric.withdrawn, ["c-7"]);
  assert.deepEqual(clock.waits, []);
  assert.deepEqual(said, []);
});

Deno.test("holdLease() rejects when the first publishing fails", async () => {
  const { fabric, hold, clock } = setUp();
  fabric.failure = new Error("disk full");
  await assert.rejects(hold(), { message: "disk full" });
  assert.deepEqual(clock.waits, []);
});

Deno.test("a renewal that fails is told once and tried again until it works", async () => {
  const { clock, fabric, hold, said } = setUp();
  await using _lease = await hold();
  fabric.failure = new Error("disk full");
  await clock.advance(30_000);
  fabric.failure = undefined;
  await clock.advance(2_000);
  assert.deepEqual(said, [`trouble: Cannot renew the record of "c-7": disk full`]);
  assert.deepEqual(fabric.leasesMs().length, 2);
  await clock.advance(20_000);
  assert.deepEqual(fabric.leasesMs().length, 3);
});

Deno.test("a lease that could not be renewed in time is lost, once, and nothing more is written", async () => {
  const { clock, fabric, hold, said } = setUp();
  await using _lease = await hold();
  fabric.failure = new Error("disk full");
  await clock.advance(59_999);
  assert.equal(said.filter((text) => text.startsWith("lost")).length, 0);
  await clock.advance(10_000);
  fabric.failure = undefined;
  await clock.advance(100_000);
  assert.deepEqual(said.filter((text) => text.startsWith("lost")), [
    `lost: Cannot keep the record of "c-7": its lease ran out`,
  ]);
  assert.equal(fabric.leasesMs().length, 1);
});

Deno.test("a process that slept through its lease writes nothing", async () => {
  const { clock, fabric, hold, said } = setUp();
  await using _lease = await hold();
  clock.jump(180_000);
  await clock.advance(20_000);
  assert.deepEqual(said, [`lost: Cannot keep the record of "c-7": its lease ran out`]);
  assert.equal(fabric.leasesMs().length, 1);
});

Deno.test("a jump of the wall clock changes nothing", async () => {
  for (const jumpMs of [86_400_000, -86_400_000]) {
    const { clock, fabric, hold, said } = setUp();
    await using _lease = await hold();
    clock.jumpWall(jumpMs);
    await clock.advance(20_000);
    assert.deepEqual(fabric.leasesMs(), [60_000, 80_000 + jumpMs]);
    assert.deepEqual(said, []);
  }
});

Deno.test("a lease whose record another agent took is lost, and that record stays", async () => {
  const { clock, fabric, hold, said } = setUp();
  const lease = await hold();
  fabric.isReplaced = true;
  await clock.advance(20_000);
  assert.deepEqual(said, [`lost: Cannot keep the record of "c-7": another agent took its place`]);
  await lease[Symbol.asyncDispose]();
});

Deno.test("disposing waits for a renewal in progress, then withdraws; trouble there is told", async () => {
  const { clock, fabric, hold, said } = setUp();
  const lease = await hold();
  const renewal = Promise.withResolvers<void>();
  fabric.renewal = renewal.promise;
  await clock.advance(20_000);
  const disposing = lease[Symbol.asyncDispose]();
  await settle();
  assert.deepEqual(fabric.withdrawn, []);
  fabric.withdrawal = Promise.reject(new Error("no folder"));
  renewal.resolve();
  await disposing;
  assert.deepEqual(said, [`trouble: Cannot withdraw the record of "c-7": no folder`]);
});

function setUp() {
  const clock = new JumpingClock();
  const fabric = new RecordingFabric(clock);
  const said: string[] = [];
  const { lease_expires_at: _, ...card } = record();
  const hold = (agent: AgentCard = card) =>
    holdLease(agent, {
      fabric,
      clock,
      onLost: (why) => said.push(`lost: ${why.message}`),
      onTrouble: (why) => said.push(`trouble: ${why}`),
    });
  return { clock, fabric, hold, said };
}

/** Time that passes unseen, and wall clocks that are set. */
class JumpingClock extends FakeClock {
  #unseen = 0;
  #wall = 0;

  override now(): number {
    return super.now() + this.#unseen + this.#wall;
  }

  override monotonic(): number {
    return super.monotonic() + this.#unseen;
  }

  jump(ms: number): void {
    this.#unseen += ms;
  }

  jumpWall(ms: number): void {
    this.#wall += ms;
  }
}

class RecordingFabric implements Fabric {
  failure: Error | undefined;
  isReplaced = false;
  renewal: Promise<void> = Promise.resolve();
  withdrawal: Promise<void> = Promise.resolve();
  readonly written: AgentRecord[] = [];
  readonly withdrawn: string[] = [];
  readonly #begunAt: number;

  constructor(clock: FakeClock) {
    this.#begunAt = clock.now();
  }

  leasesMs(): number[] {
    return this.written.map((it) => (timestampMs(it.lease_expires_at) ?? 0) - this.#begunAt);
  }

  publish(record: AgentRecord): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.written.push(record);
    return Promise.resolve();
  }

  async renew(record: AgentRecord) {
    await this.renewal;
    if (this.isReplaced) return "replaced" as const;
    await this.publish(record);
    return "renewed" as const;
  }

  withdraw(record: AgentRecord): Promise<void> {
    this.withdrawn.push(record.agent_id);
    return this.withdrawal;
  }

  resolve = () => Promise.resolve(undefined);
  discover = () => Promise.resolve([]);
  gc = () => Promise.resolve();
}
