import { strict as assert } from "node:assert";
import { setImmediate } from "node:timers/promises";
import { systemClock } from "../../src/base/clock.ts";
import { createEchoExecutor } from "../../src/executors/echo.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { runOnce, testExecutor } from "./contract.ts";

testExecutor("echo", {
  assignment: "one two three",
  create: () => createEchoExecutor({ clock: new FakeClock() }),
});

const cases: { assignment: string; words: string[]; sleepMs?: number }[] = [
  { assignment: "hello world", words: ["hello", "world"] },
  { assignment: "", words: [] },
  { assignment: " \t\n ", words: [] },
  { assignment: "  a\u00a0b\u0085c\u3000d ", words: ["a", "b", "c", "d"] },
  { assignment: "a\ufeffb", words: ["a\ufeffb"] },
  { assignment: "__sleep_ms:10 a", words: ["a"], sleepMs: 10 },
  { assignment: "a __sleep_ms:10", words: ["a"], sleepMs: 10 },
  { assignment: "__sleep_ms:0", words: [] },
  { assignment: "__sleep_ms:007 a", words: ["a"], sleepMs: 7 },
  { assignment: "__sleep_ms:+7 a", words: ["a"], sleepMs: 7 },
  { assignment: "__sleep_ms:5 __sleep_ms:6", words: ["__sleep_ms:6"], sleepMs: 5 },
  { assignment: "__sleep_ms: __sleep_ms:5", words: ["__sleep_ms:"], sleepMs: 5 },
  { assignment: "__sleep_ms:-1", words: ["__sleep_ms:-1"] },
  { assignment: "__sleep_ms:1.5", words: ["__sleep_ms:1.5"] },
  { assignment: "__sleep_ms:1x", words: ["__sleep_ms:1x"] },
  { assignment: "x__sleep_ms:1", words: ["x__sleep_ms:1"] },
  { assignment: "__sleep_ms:18446744073709551616", words: ["__sleep_ms:18446744073709551616"] },
];
for (const { assignment, words, sleepMs = 0 } of cases) {
  Deno.test(`echo says ${JSON.stringify(assignment)} back`, async () => {
    const clock = new FakeClock();
    const running = runOnce(createEchoExecutor({ clock }), { assignment });
    await settle();
    assert.deepEqual(clock.waits, sleepMs === 0 ? [] : [sleepMs]);
    await clock.advance(sleepMs);
    const tokens = words.map((word) => ({ type: "token", content: `${word} ` }));
    assert.deepEqual(await running, {
      events: [...tokens, { type: "complete" }],
      outcome: { status: "completed", result: `echo: ${words.join(" ")}` },
    });
  });
}

Deno.test("echo is cancelled while it sleeps, however long that is", async () => {
  for (const delay of ["1000", "18446744073709551615"]) {
    const clock = new FakeClock();
    const controller = new AbortController();
    const running = runOnce(
      createEchoExecutor({ clock }),
      { assignment: `__sleep_ms:${delay} a` },
      {
        signal: controller.signal,
      },
    );
    await clock.advance(999);
    controller.abort(new Error("stop"));
    assert.deepEqual(await running, { events: [], outcome: { status: "cancelled" } });
    assert.deepEqual(clock.waits, []);
  }
});

Deno.test("echo sleeps longer than one timer can", async () => {
  const clock = new FakeClock();
  const running = runOnce(createEchoExecutor({ clock }), { assignment: "__sleep_ms:3000000000 a" });
  await clock.advance(2_999_999_999);
  assert.equal(clock.waits.length, 1);
  await clock.advance(1);
  assert.equal((await running).outcome.status, "completed");
});

Deno.test("echo lets others have their turn while words fly, and then sees a cancel", async () => {
  const controller = new AbortController();
  const assignment = "word ".repeat(2_000_000);
  const running = runOnce(createEchoExecutor({ clock: systemClock }), { assignment }, {
    signal: controller.signal,
  });
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  controller.abort(new Error("stop"));
  const abortedAt = systemClock.monotonic();
  const { outcome } = await running;
  assert.equal(outcome.status, "cancelled");
  assert.ok(systemClock.monotonic() - abortedAt < 200);
});
