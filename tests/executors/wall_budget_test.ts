import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { createEchoExecutor } from "../../src/executors/echo.ts";
import type { Executor } from "../../src/executors/executor.ts";
import { WallBudget } from "../../src/executors/wall_budget.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { runOnce, testExecutor } from "./contract.ts";

testExecutor("WallBudget", {
  assignment: "one two",
  create: () =>
    new WallBudget(createEchoExecutor({ clock: systemClock }), {
      limitMs: 60_000,
      clock: systemClock,
    }),
});

/** Runs as long as its assignment says, in milliseconds; cancelled it leaves its text. */
function sleeper(clock: FakeClock): Executor {
  return {
    async run({ assignment }, _io, signal) {
      try {
        await clock.sleep(Number(assignment), signal);
        return { status: "completed", result: "done" };
      } catch {
        return { status: "cancelled", result: "so far" };
      }
    },
  };
}

const REACHED = {
  status: "error",
  error: "Wall-clock budget reached: 60 s (capabilities.budget.wall_secs)",
  reason: "budget",
};

function setUp(limitMs = 60_000): { clock: FakeClock; executor: WallBudget } {
  const clock = new FakeClock();
  return { clock, executor: new WallBudget(sleeper(clock), { limitMs, clock }) };
}

Deno.test("WallBudget ends a run at the limit with its text so far", async () => {
  const { clock, executor } = setUp();
  const running = runOnce(executor, { assignment: "600000" });
  await clock.advance(60_000);
  assert.deepEqual((await running).outcome, { ...REACHED, result: "so far" });
  assert.deepEqual(clock.waits, []);
});

Deno.test("WallBudget sums up runs, not the time between them", async () => {
  const { clock, executor } = setUp();
  const first = runOnce(executor, { assignment: "50000" });
  await clock.advance(50_000);
  assert.deepEqual((await first).outcome, { status: "completed", result: "done" });
  assert.deepEqual(clock.waits, []);
  await clock.advance(600_000);
  const second = runOnce(executor, { assignment: "20000" });
  await clock.advance(10_000);
  assert.deepEqual((await second).outcome, { ...REACHED, result: "so far" });
  const third = await runOnce(executor, { assignment: "0" });
  assert.deepEqual(third, { events: [], outcome: REACHED });
});

Deno.test("WallBudget tells a run that the host cancelled as cancelled", async () => {
  const { clock, executor } = setUp();
  const stop = new AbortController();
  const running = runOnce(executor, { assignment: "600000" }, { signal: stop.signal });
  await clock.advance(1_000);
  stop.abort();
  assert.deepEqual((await running).outcome, { status: "cancelled", result: "so far" });
});

Deno.test("WallBudget of zero lets nothing run", async () => {
  const { executor } = setUp(0);
  const { outcome } = await runOnce(executor, { assignment: "1" });
  assert.equal(outcome.status === "error" && outcome.reason, "budget");
});

Deno.test("WallBudget waits longer than a timer can", async () => {
  const { clock, executor } = setUp(2 ** 40);
  const running = runOnce(executor, { assignment: String(2 ** 33) });
  await clock.advance(2 ** 33);
  assert.equal((await running).outcome.status, "completed");
});
