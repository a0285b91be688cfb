// The body of a chat completion request, and what it must leave out for which model. Pure.
import type OpenAI from "openai";
import { isObject } from "../core/schema.ts";
import type { ToolSchema } from "../core/tool_schema.ts";
import { chatMessages } from "./openai_messages.ts";
import type { ModelRequest } from "./provider.ts";

type ChatRequest = OpenAI.Chat.ChatCompletionCreateParamsStreaming;
type Effort = OpenAI.ReasoningEffort;

/** Field by field what `POST /chat/completions` takes (wire: providers, openai). */
export function chatRequest(request: ModelRequest): ChatRequest {
  const { model, messages, maxOutputTokens } = request;
  const effort = effortFor(request);
  return {
    model,
    messages: chatMessages(messages),
    stream: true,
    stream_options: { include_usage: true },
    ...(COUNTS_COMPLETION.test(model)
      ? { max_completion_tokens: maxOutputTokens }
      : { max_tokens: maxOutputTokens }),
    ...(request.tools.length > 0 && { tools: request.tools.map(chatTool) }),
    ...(request.tools.length > 0 && !ONE_CALL_AT_A_TIME.test(model) &&
      { parallel_tool_calls: true }),
    ...(effort !== undefined && { reasoning_effort: effort }),
  };
}

// Rules by name: OpenAI's own models are picky about fields that other servers want or ignore.
// As documented and reported up to November 2026.

/** The o-series and gpt-5 onwards take `max_completion_tokens`, and nothing older everywhere. */
const COUNTS_COMPLETION = /^(?:openai\/)?(?:o\d|gpt-(?:[5-9]|\d\d))(?![a-z\d])/;

/** The o-series refuses `parallel_tool_calls`, whatever its value. */
const ONE_CALL_AT_A_TIME = /^(?:openai\/)?o\d(?![a-z\d])/;

/**
 * gpt-5.4 onwards takes tools here only with an explicit `none`, but for two that know no `none`
 * and take no tools here at all. Behind a router's prefix the router sees to it.
 */
const TOOLS_WITHOUT_REASONING = /^gpt-(?!6-astra|6\.1-sol)(?:5\.[4-9]|[6-9]|\d\d)(?![a-z\d])/;

const EFFORTS: ReadonlyMap<string, Effort> = new Map([
  ["none", "none"],
  ["minimal", "minimal"],
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["xhigh", "xhigh"],
  ["max", "xhigh"],
]);

/** An effort that was asked for is never lowered silently: the server refuses it in words. */
function effortFor({ model, tools, reasoningEffort }: ModelRequest): Effort | undefined {
  const effort = EFFORTS.get(reasoningEffort ?? "");
  if (effort === undefined) {
    return tools.length > 0 && TOOLS_WITHOUT_REASONING.test(model) ? "none" : undefined;
  }
  return effort === "xhigh" && /gemini|google/i.test(model) ? "high" : effort;
}

function chatTool({ function: tool }: ToolSchema): OpenAI.Chat.ChatCompletionFunctionTool {
  const { name, description, parameters } = tool;
  return {
    type: "function",
    function: { name, description, parameters: isObject(parameters) ? parameters : {} },
  };
}
