import { strict as assert } from "node:assert";
import { decodeRecord } from "../../src/protocol/record.ts";
import { encodeRecord } from "../../src/protocol/encode.ts";
import type { AgentRecord } from "../../src/protocol/record.ts";

Deno.test("encodeRecord() writes for people what decodeRecord() reads", () => {
  const record: AgentRecord = {
    agent_id: "c-7",
    role: "worker",
    labels: ["sandbox=kernel"],
    endpoint: "ws://127.0.0.1:40123",
    pid: 4242,
    version: "0.1.0",
    started_at: "2026-06-18T10:00:00Z",
    lease_expires_at: "2026-06-18T10:01:00Z",
  };
  assert.equal(encodeRecord(record).split("\n").length, 12);
  assert.deepEqual(decodeRecord(encodeRecord(record)), record);
});
