import { strict as assert } from "node:assert";
import { timeLimit } from "../../src/base/time_limit.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

Deno.test("timeLimit() aborts when the time is over, with its reason", async () => {
  const clock = new FakeClock();
  const reason = new Error("late");
  using limit = timeLimit(1000, { clock, reason: () => reason });
  await clock.advance(999);
  assert.equal(limit.signal.aborted, false);
  await clock.advance(1);
  assert.equal(limit.signal.reason, reason);
});

Deno.test("timeLimit() waits no more once it is disposed", async () => {
  const clock = new FakeClock();
  const limit = timeLimit(1000, { clock, reason: () => new Error("late") });
  limit[Symbol.dispose]();
  await settle();
  assert.deepEqual(clock.waits, []);
  assert.equal(limit.signal.aborted, false);
});
