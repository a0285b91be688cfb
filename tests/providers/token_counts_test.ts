import { strict as assert } from "node:assert";
import type { ModelUsage } from "../../src/providers/provider.ts";
import { type TokenCounts, usageOf } from "../../src/providers/token_counts.ts";

const least: ModelUsage = { promptTokens: 3, completionTokens: 4, totalTokens: 7 };
const cases: Record<string, { readonly counts: TokenCounts; readonly usage: ModelUsage }> = {
  "the sum where no total is told": { counts: { prompt: 3, completion: 4 }, usage: least },
  "nothing of what is null": {
    counts: {
      prompt: 3,
      completion: 4,
      total: null,
      cachedPrompt: null,
      cacheWrite: null,
      reasoning: null,
    },
    usage: least,
  },
  "all that is told, zeros too": {
    counts: {
      prompt: 3,
      completion: 4,
      total: 0,
      cachedPrompt: 0,
      cacheWrite: 2,
      reasoning: 1,
    },
    usage: {
      promptTokens: 3,
      completionTokens: 4,
      totalTokens: 0,
      cachedPromptTokens: 0,
      cacheWriteTokens: 2,
      reasoningTokens: 1,
    },
  },
};
for (const [what, { counts, usage }] of Object.entries(cases)) {
  Deno.test(`usageOf() tells ${what}`, () => assert.deepEqual(usageOf(counts), usage));
}
