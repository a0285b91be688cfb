import { strict as assert } from "node:assert";
import { sleepTool } from "../../src/tools/sleep.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("Sleep waits as long as it is told", async () => {
  await using place = new ToolWorld();
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const args = { seconds: 1.5, reason: "the server starts" };
  const sleeping = sleepTool.perform(args, { ...place.world, clock }, signal);
  assert.deepEqual(clock.waits, [1500]);
  await clock.advance(1500);
  const result = "Slept 1.5 s: the server starts";
  assert.deepEqual(await sleeping, { success: true, result, display_preference: null });
});

Deno.test("Sleep ends when aborted", async () => {
  await using place = new ToolWorld();
  const controller = new AbortController();
  const sleeping = place.call(sleepTool, { seconds: 300 }, controller.signal);
  const reason = new Error("stop");
  controller.abort(reason);
  await assert.rejects(sleeping, (thrown) => thrown === reason);
});

Deno.test("Sleep.prepare() refuses more than 300 seconds and less than none", () => {
  for (const seconds of [-1, 300.5, 1e9]) {
    const message = `seconds: expected seconds from 0 to 300, got ${seconds}`;
    assert.throws(() => sleepTool.prepare({ seconds }), { fault: "bad_input", message });
  }
  for (const seconds of [0, 0.5, 300]) {
    assert.deepEqual(sleepTool.prepare({ seconds }), { mutating: false, needs: [] });
  }
});
