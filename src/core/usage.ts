// Token counts: what a run cost, and how full the context is.
import { defaulted, flag, type Infer, u64 } from "./schema.ts";
import { struct } from "./struct.ts";

const later = defaulted(u64, 0);

/** Tokens, summed over a run. */
export const tokenUsageSchema = struct({
  prompt_tokens: u64,
  completion_tokens: u64,
  total_tokens: u64,
});

/** wire: TokenUsage. */
export type TokenUsage = Infer<typeof tokenUsageSchema>;

/** Tokens of the last request by where they went; fields older hosts lack read as 0. */
export const tokenBudgetUsageSchema = struct({
  system_tokens: u64,
  summary_tokens: u64,
  window_tokens: u64,
  total_tokens: u64,
  max_context_tokens: later,
  budget_limit: u64,
  truncation_occurred: flag,
  segments_removed: u64,
  prompt_cached_tool_outputs: later,
  prompt_cached_tool_tokens_saved: later,
  thinking_tokens: later,
  cache_read_input_tokens: later,
});

/** wire: TokenBudgetUsage; every field is always written. */
export type TokenBudgetUsage = Infer<typeof tokenBudgetUsageSchema>;
