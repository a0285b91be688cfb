import { strict as assert } from "node:assert";
import { deadline, systemClock } from "../../src/base/clock.ts";

const LONG_MS = 2 ** 31 + 5;

Deno.test("deadline() and sleep() wait longer than one timer can", async () => {
  using limit = deadline(LONG_MS, () => new Error("late"));
  const stop = new AbortController();
  let isOver = false;
  const sleeping = systemClock.sleep(LONG_MS, stop.signal).then(() => isOver = true, () => {});
  await systemClock.sleep(20, new AbortController().signal);
  assert.equal(limit.signal.aborted, false);
  assert.equal(isOver, false);
  stop.abort();
  await sleeping;
});
