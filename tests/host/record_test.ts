import { strict as assert } from "node:assert";
import type { Fabric } from "../../src/fabric/fabric.ts";
import { awaitRecord, levelOf, removeLeftRecord } from "../../src/host/record.ts";
import type { AgentRecord } from "../../src/protocol/record.ts";
import { FakeClock } from "../support/fake_clock.ts";

const RECORD: AgentRecord = {
  agent_id: "run-1",
  role: "worker",
  labels: ["x=y", "sandbox=kernel"],
  endpoint: "/tmp/s",
  pid: 42,
  version: "1",
  started_at: "2026-06-18T10:00:00Z",
  lease_expires_at: "2026-06-18T10:01:00Z",
};

/** Holds what `records` says at each look. */
function fabricOf(
  look: () => AgentRecord | undefined,
): { fabric: Fabric; withdrawn: AgentRecord[] } {
  const withdrawn: AgentRecord[] = [];
  const unused = () => Promise.reject(new Error("not asked for"));
  const fabric: Fabric = {
    resolve: (id) => Promise.resolve(id === "run-1" ? look() : undefined),
    withdraw: (record) => Promise.resolve(void withdrawn.push(record)),
    publish: unused,
    renew: unused,
    discover: unused,
    gc: unused,
  };
  return { fabric, withdrawn };
}

Deno.test("awaitRecord() looks until the record is there", async () => {
  const clock = new FakeClock();
  let looks = 0;
  const { fabric } = fabricOf(() => ++looks < 3 ? undefined : RECORD);
  const found = awaitRecord(fabric, { id: "run-1", clock }, new AbortController().signal);
  await clock.advance(10);
  assert.deepEqual([await found, looks], [RECORD, 3]);
});

Deno.test("awaitRecord() gives up when the worker is gone", async () => {
  const clock = new FakeClock();
  const gone = new AbortController();
  const { fabric } = fabricOf(() => undefined);
  const found = awaitRecord(fabric, { id: "run-1", clock }, gone.signal);
  await clock.advance(5);
  gone.abort();
  assert.deepEqual([await found, clock.waits], [undefined, []]);
});

Deno.test("levelOf() reads the level's label", () => {
  assert.equal(levelOf(RECORD), "kernel");
  assert.equal(levelOf({ ...RECORD, labels: ["sandboxed"] }), undefined);
});

Deno.test("removeLeftRecord() withdraws the record of that very process", async (t) => {
  const cases = [
    ["its own", RECORD, [RECORD]],
    ["another's", { ...RECORD, pid: 43 }, []],
    ["none", undefined, []],
  ] as const;
  for (const [name, record, expected] of cases) {
    await t.step(name, async () => {
      const { fabric, withdrawn } = fabricOf(() => record);
      await removeLeftRecord(fabric, { id: "run-1", pid: 42 });
      assert.deepEqual(withdrawn, expected);
    });
  }
});
