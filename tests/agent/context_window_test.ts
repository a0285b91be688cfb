import { strict as assert } from "node:assert";
import { contextWindow, pressureOf } from "../../src/agent/context_window.ts";

Deno.test("contextWindow() keeps a fixed reserve of a large context, a quarter of a small one", () => {
  assert.deepEqual(contextWindow({ contextTokens: 200_000, outputTokens: 32_000 }), {
    contextTokens: 200_000,
    budgetTokens: 166_000,
    triggerTokens: 150_000,
    targetTokens: 80_000,
  });
  assert.deepEqual(contextWindow({ contextTokens: 20_000, outputTokens: 2_000 }), {
    contextTokens: 20_000,
    budgetTokens: 17_000,
    triggerTokens: 15_000,
    targetTokens: 8_000,
  });
});

Deno.test("contextWindow() triggers before the answer has no room", () => {
  const window = contextWindow({ contextTokens: 128_000, outputTokens: 64_000 });
  assert.equal(window.budgetTokens, 62_720);
  assert.equal(window.triggerTokens, 62_720);
});

Deno.test("pressureOf() warns from 70 and 90 percent on", () => {
  const window = contextWindow({ contextTokens: 100_000, outputTokens: 8_000 });
  const levels = [69_999, 70_000, 89_999, 90_000, 200_000].map((at) => pressureOf(at, window));
  assert.deepEqual(levels, ["none", "warning", "warning", "critical", "critical"]);
});
