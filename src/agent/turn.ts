// One model call: streams what the model says as events and gathers it into one answer.
import type { AgentEvent } from "../core/event.ts";
import type { ToolCall } from "../core/tool_call.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { ModelRequest, Provider } from "../providers/provider.ts";
import { budgetUsage, usageOf } from "./budget.ts";

export type Turn = {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
  readonly usage: TokenUsage;
};

export type TurnOptions = {
  readonly provider: Provider;
  readonly emit: (event: AgentEvent) => Promise<void>;
  /** Told of the text so far, so that a call which breaks off still leaves a partial result. */
  readonly onText: (text: string) => void;
};

/** Rejects with the provider's failure or the abort reason. */
export async function takeTurn(
  request: ModelRequest,
  { provider, emit, onText }: TurnOptions,
  signal: AbortSignal,
): Promise<Turn> {
  let text = "";
  let reasoning = "";
  const calls: ToolCall[] = [];
  let usage = usageOf(request, text);
  let isAccepted = false;
  for await (const event of provider.stream(request, signal)) {
    if (!isAccepted) await emit({ type: "token_budget_updated", usage: budgetUsage(request) });
    isAccepted = true;
    switch (event.type) {
      case "text":
        text += event.delta;
        onText(text);
        await emit({ type: "token", content: event.delta });
        break;
      case "reasoning":
        reasoning += event.delta;
        await emit({ type: "reasoning_token", content: event.delta });
        break;
      case "tool_call":
        calls.push({
          id: event.id,
          type: "function",
          function: { name: event.name, arguments: event.arguments },
        });
        break;
      case "end":
        usage = usageOf(request, text, event.usage);
        if (event.usage?.reasoningTokens || event.usage?.cachedPromptTokens) {
          await emit({ type: "token_budget_updated", usage: budgetUsage(request, event.usage) });
        }
    }
  }
  return { text, reasoning, calls, usage };
}
