import { strict as assert } from "node:assert";
import { settlesWithin } from "../../src/base/within.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("settlesWithin() is true for what settles in time, also for a failure", async () => {
  const clock = new FakeClock();
  assert.equal(await settlesWithin(Promise.resolve(), { ms: 10, clock }), true);
  assert.equal(await settlesWithin(Promise.reject(new Error("no")), { ms: 10, clock }), true);
  assert.deepEqual(clock.waits, []);
});

Deno.test("settlesWithin() is false once the time is over", async () => {
  const clock = new FakeClock();
  const { promise } = Promise.withResolvers<void>();
  const waiting = settlesWithin(promise, { ms: 10, clock });
  await clock.advance(10);
  assert.equal(await waiting, false);
});
