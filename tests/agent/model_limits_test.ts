import { strict as assert } from "node:assert";
import { modelLimits } from "../../src/agent/model_limits.ts";

Deno.test("modelLimits() knows families by name, whatever stands around it", async (t) => {
  const cases: readonly (readonly [string, number, number])[] = [
    ["gpt-5.6-terra", 1_050_000, 128_000],
    ["gpt-5.4-mini", 400_000, 128_000],
    ["gpt-5", 400_000, 128_000],
    ["gpt-5-chat-latest", 128_000, 16_384],
    ["openai/gpt-4.1-mini", 1_047_576, 32_768],
    ["gpt-4o-2024-08-06", 128_000, 16_384],
    ["o4-mini", 200_000, 100_000],
    ["claude-opus-5-5", 1_000_000, 128_000],
    ["anthropic/claude-opus-4.6", 1_000_000, 128_000],
    ["claude-haiku-4-5-20251001", 200_000, 64_000],
    ["claude-opus-4-1", 200_000, 32_000],
    ["claude-3-5-haiku-latest", 200_000, 8_192],
    ["claude-3-haiku-20240307", 200_000, 4_096],
    ["models/gemini-3.8-flash", 1_048_576, 65_536],
    ["gemini-2.0-flash", 1_048_576, 8_192],
    ["llama-3.3-70b", 128_000, 8_192],
    ["", 128_000, 8_192],
  ];
  for (const [model, contextTokens, outputTokens] of cases) {
    await t.step(model || "no name", () => {
      assert.deepEqual(modelLimits(model), { contextTokens, outputTokens });
    });
  }
});

Deno.test("modelLimits() lets what the spec says win, and never gives all to the answer", () => {
  const table = [
    [{ contextTokens: 20_000 }, { contextTokens: 20_000, outputTokens: 4_096 }],
    [{ contextTokens: 8_000 }, { contextTokens: 8_000, outputTokens: 2_000 }],
    [{ outputTokens: 100 }, { contextTokens: 128_000, outputTokens: 100 }],
    [{ outputTokens: 500_000 }, { contextTokens: 128_000, outputTokens: 64_000 }],
    [{ contextTokens: 32_000, outputTokens: 9_000 }, {
      contextTokens: 32_000,
      outputTokens: 9_000,
    }],
  ] as const;
  for (const [wish, limits] of table) assert.deepEqual(modelLimits("unknown", wish), limits);
});
