// One model call: streams what the model says as events and gathers it into one answer.
import type { AgentEvent } from "../core/event.ts";
import type { ToolCall } from "../core/tool_call.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { ModelRequest, ModelUsage, Provider, StopReason } from "../providers/provider.ts";

export type Turn = {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
  readonly stop: StopReason;
  /** As the provider counted; undefined where it does not. */
  readonly usage: ModelUsage | undefined;
  /** JSON that the provider wants to see again with this answer. */
  readonly carry: unknown;
};

export type TurnOptions = {
  readonly provider: Provider;
  readonly emit: (event: AgentEvent) => Promise<void>;
  /** Told of the text so far, so that a call which breaks off still leaves a partial result. */
  readonly onText: (text: string) => void;
  /** Told when the request was accepted, and again with what was counted of thinking and cache. */
  readonly onUsage: (answered?: ModelUsage) => Promise<void>;
};

export const NO_USAGE: TokenUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    total_tokens: a.total_tokens + b.total_tokens,
  };
}

/** Rejects with the provider's failure or the abort reason. */
export async function takeTurn(
  request: ModelRequest,
  { provider, emit, onText, onUsage }: TurnOptions,
  signal: AbortSignal,
): Promise<Turn> {
  let text = "";
  let reasoning = "";
  const calls: ToolCall[] = [];
  let end: Pick<Turn, "stop" | "usage" | "carry"> = {
    stop: "done",
    usage: undefined,
    carry: undefined,
  };
  let isAccepted = false;
  for await (const event of provider.stream(request, signal)) {
    if (!isAccepted) await onUsage();
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
        end = { stop: event.stop, usage: event.usage, carry: event.carry };
        if (event.usage?.reasoningTokens || event.usage?.cachedPromptTokens) {
          await onUsage(event.usage);
        }
    }
  }
  return { text, reasoning, calls, ...end };
}
