// What a server counted, as ModelUsage tells it. Which of its counts is which is the protocol's.
import type { ModelUsage } from "./provider.ts";

/** Null and undefined: not told. */
export type TokenCounts = {
  /** With all that was read from the cache or written to it. */
  readonly prompt: number;
  /** With all reasoning. */
  readonly completion: number;
  /** Not told: the sum of both. */
  readonly total?: number | null | undefined;
  readonly cachedPrompt?: number | null | undefined;
  readonly cacheWrite?: number | null | undefined;
  readonly reasoning?: number | null | undefined;
};

/** Without what is not told. */
export function usageOf(counts: TokenCounts): ModelUsage {
  const { prompt, completion, total, cachedPrompt, cacheWrite, reasoning } = counts;
  return {
    promptTokens: prompt,
    completionTokens: completion,
    totalTokens: total ?? prompt + completion,
    ...(cachedPrompt != null && { cachedPromptTokens: cachedPrompt }),
    ...(cacheWrite != null && { cacheWriteTokens: cacheWrite }),
    ...(reasoning != null && { reasoningTokens: reasoning }),
  };
}
