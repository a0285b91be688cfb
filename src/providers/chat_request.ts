// The body of a chat completion request. Pure.
import type OpenAI from "openai";
import { isObject } from "../core/schema.ts";
import type { ToolSchema } from "../core/tool_schema.ts";
import { chatMessages } from "./chat_messages.ts";
import {
  canSwitchReasoningOff,
  countsCompletion,
  type Effort,
  effortOf,
  reasonsWithToolsElsewhere,
  takesParallelCalls,
} from "./openai_models.ts";
import type { ModelRequest } from "./provider.ts";

type ChatRequest = OpenAI.Chat.ChatCompletionCreateParamsStreaming;

/** Field by field what `POST /chat/completions` takes (wire: providers, openai). */
export function chatRequest(request: ModelRequest): ChatRequest {
  const { model, messages, maxOutputTokens } = request;
  const effort = effortFor(request);
  return {
    model,
    messages: chatMessages(messages),
    stream: true,
    stream_options: { include_usage: true },
    ...(countsCompletion(model)
      ? { max_completion_tokens: maxOutputTokens }
      : { max_tokens: maxOutputTokens }),
    ...(request.tools.length > 0 && { tools: request.tools.map(chatTool) }),
    ...(request.tools.length > 0 && takesParallelCalls(model) && { parallel_tool_calls: true }),
    ...(effort !== undefined && { reasoning_effort: effort }),
  };
}

function effortFor({ model, tools, reasoningEffort }: ModelRequest): Effort | undefined {
  const effort = effortOf(reasoningEffort);
  if (effort === undefined) {
    const mustBeOff = tools.length > 0 && reasonsWithToolsElsewhere(model);
    return mustBeOff && canSwitchReasoningOff(model) ? "none" : undefined;
  }
  const isCapped = /gemini|google/i.test(model);
  if (effort === "max" || effort === "xhigh") return isCapped ? "high" : "xhigh";
  return effort;
}

function chatTool({ function: tool }: ToolSchema): OpenAI.Chat.ChatCompletionFunctionTool {
  const { name, description, parameters } = tool;
  return {
    type: "function",
    function: { name, description, parameters: isObject(parameters) ? parameters : {} },
  };
}
