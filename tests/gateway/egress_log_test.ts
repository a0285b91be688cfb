import { strict as assert } from "node:assert";
import type { Egress } from "../../src/core/egress.ts";
import { EgressLog } from "../../src/gateway/egress_log.ts";

const signal = new AbortController().signal;
const PLACE = { host: "a.example:443", method: "GET" };

Deno.test("EgressLog tells each request once, and what is under way when it ends", () => {
  const told: Egress[] = [];
  const log = new EgressLog((it) => Promise.resolve(void told.push(it)));
  const [over, open] = [log.begin(PLACE), log.begin({ ...PLACE, route: "r" })];
  over.sent(3);
  over.answered(200);
  over[Symbol.dispose]();
  open.received(4);
  log[Symbol.dispose]();
  open.received(5);
  for (const one of [over, open, log]) one[Symbol.dispose]();
  assert.deepEqual(told, [
    { ...PLACE, status: 200, bytes_sent: 3, bytes_received: 0 },
    { ...PLACE, route: "r", status: undefined, bytes_sent: 0, bytes_received: 4 },
  ]);
});

Deno.test("EgressLog.room() waits for the log, and ends nothing that is under way", async () => {
  const taken = Promise.withResolvers<void>();
  const log = new EgressLog(() => taken.promise);
  const [first, second] = [log.begin(PLACE), log.begin(PLACE)];
  await log.room(signal);
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  let hasRoom = false;
  const room = log.room(signal).then(() => hasRoom = true);
  await assert.rejects(log.room(AbortSignal.abort(new Error("left"))), /left/);
  assert.equal(hasRoom, false);
  taken.resolve();
  await room;
});

Deno.test("EgressLog.room() fails when the log does", async () => {
  const log = new EgressLog(() => Promise.reject(new Error("closed")));
  log.begin(PLACE)[Symbol.dispose]();
  await assert.rejects(log.room(signal), /closed/);
});
