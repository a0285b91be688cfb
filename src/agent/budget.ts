// How full the context is, estimated before a model call and corrected by what the model counted.
import type { Message } from "../core/message.ts";
import type { TokenBudgetUsage, TokenUsage } from "../core/usage.ts";
import type { ModelRequest, ModelUsage } from "../providers/provider.ts";

const CHARACTERS_PER_TOKEN = 4;

/** Limits of a model we know nothing about. */
export const DEFAULT_LIMITS = { contextTokens: 128_000, outputTokens: 8_192 } as const;

/** At least this much stays free beside the output. */
function margin(contextTokens: number): number {
  return Math.max(1000, Math.floor(contextTokens / 100));
}

/** Tokens of one request; thinking and cache figures come with the answer. */
export function budgetUsage(request: ModelRequest, answered?: ModelUsage): TokenBudgetUsage {
  const system = sumTokens(request.messages.filter(({ role }) => role === "system"));
  const window = sumTokens(request.messages.filter(({ role }) => role !== "system"));
  const { contextTokens } = DEFAULT_LIMITS;
  return {
    system_tokens: system,
    summary_tokens: 0,
    window_tokens: window,
    total_tokens: system + window,
    max_context_tokens: contextTokens,
    budget_limit: contextTokens - request.maxOutputTokens - margin(contextTokens),
    truncation_occurred: false,
    segments_removed: 0,
    prompt_cached_tool_outputs: 0,
    prompt_cached_tool_tokens_saved: 0,
    thinking_tokens: answered?.reasoningTokens ?? 0,
    cache_read_input_tokens: answered?.cachedPromptTokens ?? 0,
  };
}

/** What a call cost: the provider's figures, or an estimate where it gives none. */
export function usageOf(request: ModelRequest, text: string, answered?: ModelUsage): TokenUsage {
  const prompt = answered?.promptTokens ?? sumTokens(request.messages);
  const completion = answered?.completionTokens ?? estimateTokens(text);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: answered?.totalTokens ?? prompt + completion,
  };
}

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
  };
}

function sumTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + messageTokens(message), 0);
}

function messageTokens({ content, tool_calls = [] }: Message): number {
  return tool_calls.reduce(
    (sum, call) => sum + estimateTokens(call.function.name + call.function.arguments),
    estimateTokens(content),
  );
}

function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
