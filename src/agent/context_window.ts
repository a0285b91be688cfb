// When a context is full, and how that is told. Pure.
import type { TokenBudgetUsage } from "../core/usage.ts";
import type { ModelUsage } from "../providers/provider.ts";
import type { ModelLimits } from "./model_limits.ts";

/** From this size on a fixed reserve is kept free; below it a part. */
const LARGE_CONTEXT = 100_000;
const RESERVE_TOKENS = 50_000;
const SMALL_TRIGGER = 0.75;
/** What is left of the context after a compaction. */
const TARGET = 0.4;

/** Percent of the context from which a host is warned. */
const WARNING_PERCENT = 70;
const CRITICAL_PERCENT = 90;

export type ContextWindow = {
  readonly contextTokens: number;
  /** The most a prompt may take. */
  readonly budgetTokens: number;
  /** From here on the context is compacted before the model is asked. */
  readonly triggerTokens: number;
  /** What a compaction aims at. */
  readonly targetTokens: number;
};

/** wire: TokenBudget, compression_target_percent 40, fallback_trigger_percent 75. */
export function contextWindow({ contextTokens, outputTokens }: ModelLimits): ContextWindow {
  const margin = Math.max(1000, Math.floor(contextTokens / 100));
  const budgetTokens = Math.max(1, contextTokens - outputTokens - margin);
  const trigger = contextTokens >= LARGE_CONTEXT
    ? contextTokens - RESERVE_TOKENS
    : Math.floor(contextTokens * SMALL_TRIGGER);
  const triggerTokens = Math.min(trigger, budgetTokens);
  const targetTokens = Math.min(Math.floor(contextTokens * TARGET), triggerTokens);
  return { contextTokens, budgetTokens, triggerTokens, targetTokens };
}

/** Tokens of one request by where they go. */
export type RequestTokens = {
  readonly system: number;
  readonly summary: number;
  readonly window: number;
};

/** What was taken out of the context up to now. */
export type TakenOut = {
  /** Messages that a summary or nothing stands for. */
  readonly segments: number;
  readonly shortenedOutputs: number;
  readonly shortenedTokens: number;
};

/** wire: TokenBudgetUsage of the last request; thinking and cache figures come with its answer. */
export function budgetUsage(
  { system, summary, window }: RequestTokens,
  { contextTokens, budgetTokens }: ContextWindow,
  { takenOut, answered }: {
    readonly takenOut: TakenOut;
    readonly answered?: ModelUsage | undefined;
  },
): TokenBudgetUsage {
  return {
    system_tokens: system,
    summary_tokens: summary,
    window_tokens: window,
    total_tokens: system + summary + window,
    max_context_tokens: contextTokens,
    budget_limit: budgetTokens,
    truncation_occurred: takenOut.segments > 0,
    segments_removed: takenOut.segments,
    prompt_cached_tool_outputs: takenOut.shortenedOutputs,
    prompt_cached_tool_tokens_saved: takenOut.shortenedTokens,
    thinking_tokens: answered?.reasoningTokens ?? 0,
    cache_read_input_tokens: answered?.cachedPromptTokens ?? 0,
  };
}

export type Pressure = "none" | "warning" | "critical";

export function pressureOf(tokens: number, { contextTokens }: ContextWindow): Pressure {
  const percent = (tokens / contextTokens) * 100;
  if (percent >= CRITICAL_PERCENT) return "critical";
  return percent >= WARNING_PERCENT ? "warning" : "none";
}

/** With two decimals. */
export function percentOf(tokens: number, contextTokens: number): number {
  return Math.round((tokens / contextTokens) * 10_000) / 100;
}
