// How a model is asked to think, by its name and the effort that is wanted. Pure.
import type Anthropic from "@anthropic-ai/sdk";
import type { AnthropicTurn } from "./anthropic_messages.ts";
import type { ModelRequest } from "./provider.ts";

export type Thinking = {
  readonly thinking?: Anthropic.Beta.BetaThinkingConfigParam;
  readonly output_config?: Anthropic.OutputConfig;
};

/** What `thinking.block_binding` needs in the `anthropic-beta` header. */
export const BINDING_BETA = "thinking-binding-controls-2026-08-01";

// What which Claude takes, as documented up to November 2026:
// before 3.7: no thinking at all;
// 3.7 to 4.5: `enabled` with a budget of tokens, and nothing newer;
// 4.6 to 4.8: `adaptive` and an effort, where nothing asked for means none; 4.6 knows no `xhigh`;
// 5 onwards: the same, where nothing asked for means as much as the model likes;
// 5.1 onwards: thinking that is sent back is refused when anything before it has changed.
const FIRST_TO_THINK = 307;
const FIRST_ADAPTIVE = 406;
const FIRST_WITH_XHIGH = 407;
const FIRST_TO_THINK_UNASKED = 500;
const FIRST_TO_BIND = 501;

/** Others that speak this protocol take a budget, if anything. `turns` is the request's. */
export function thinkingFor(request: ModelRequest, turns: readonly AnthropicTurn[]): Thinking {
  const version = claudeVersion(request.model);
  if (version !== undefined && version >= FIRST_ADAPTIVE) return adaptive(request, version);
  if (version !== undefined && version < FIRST_TO_THINK) return {};
  return answersUnthought(turns) ? {} : budgeted(request);
}

/** 407 for 4.7; the newest for a Claude without a number, undefined for another model. */
function claudeVersion(model: string): number | undefined {
  const found = /claude-(?:[a-z]+-)?(?:(\d{1,2})(?:[-.](\d{1,2}))?(?!\d))?/.exec(model);
  if (!found) return undefined;
  const [, major, minor = "0"] = found;
  return major === undefined ? FIRST_TO_THINK_UNASKED : Number(major) * 100 + Number(minor);
}

function adaptive({ model, reasoningEffort = "" }: ModelRequest, version: number): Thinking {
  const effort = version < FIRST_WITH_XHIGH && reasoningEffort === "xhigh"
    ? "high"
    : EFFORTS.get(reasoningEffort);
  if (effort === undefined && version < FIRST_TO_THINK_UNASKED) return {};
  // Behind a router's prefix the router sees to it.
  const binds = version >= FIRST_TO_BIND && model.startsWith("claude-");
  return {
    thinking: {
      type: "adaptive",
      // Newer models show nothing of it unless they are asked.
      display: "summarized",
      ...(binds && { block_binding: { prefix_mismatch_behavior: "drop_block" } }),
    },
    ...(effort !== undefined && { output_config: { effort } }),
  };
}

const EFFORTS: ReadonlyMap<string, NonNullable<Anthropic.OutputConfig["effort"]>> = new Map([
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["xhigh", "xhigh"],
  ["max", "max"],
]);

function budgeted({ maxOutputTokens, reasoningEffort = "" }: ModelRequest): Thinking {
  const budget_tokens = Math.min(
    BUDGETS.get(reasoningEffort) ?? 0,
    maxOutputTokens - LEAST_ANSWER,
  );
  return budget_tokens < LEAST_BUDGET ? {} : { thinking: { type: "enabled", budget_tokens } };
}

/** In tokens; `low` means none. */
const BUDGETS: ReadonlyMap<string, number> = new Map([
  ["medium", 1024],
  ["high", 4096],
  ["xhigh", 8192],
  ["max", 8192],
]);
const LEAST_BUDGET = 1024;
const LEAST_ANSWER = 128;

/** With a budget the API refuses to go on with calls that were made without thinking first. */
function answersUnthought(turns: readonly AnthropicTurn[]): boolean {
  const asked = turns.findLastIndex(({ role, content }) =>
    role === "user" && content.every((block) => block.type !== "tool_result")
  );
  const first = turns[asked + 1]?.content[0]?.type;
  return first !== undefined && first !== "thinking" && first !== "redacted_thinking";
}
