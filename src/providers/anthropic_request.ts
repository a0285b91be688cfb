// The body of a request to Anthropic's API, and the betas it needs. Pure.
import type Anthropic from "@anthropic-ai/sdk";
import { isObject } from "../core/schema.ts";
import type { ToolSchema } from "../core/tool_schema.ts";
import { anthropicSystem, anthropicTurns, lastCached } from "./anthropic_messages.ts";
import { BINDING_BETA, type Thinking, thinkingFor } from "./anthropic_thinking.ts";
import type { ModelRequest } from "./provider.ts";

/** What `POST /messages` takes (wire: providers, anthropic). */
export type AnthropicRequest =
  & Omit<Anthropic.MessageCreateParamsStreaming, keyof Thinking>
  & Thinking;

/** Tools, system, summary and the last message are cached; calls may be made in parallel. */
export function anthropicRequest(request: ModelRequest): AnthropicRequest {
  const { model, maxOutputTokens } = request;
  const system = anthropicSystem(request.messages);
  const messages = anthropicTurns(request.messages, model);
  const tools = request.tools.map(anthropicTool);
  return {
    model,
    max_tokens: maxOutputTokens,
    stream: true,
    ...(system.length > 0 && { system: lastCached(system) }),
    messages,
    ...(tools.length > 0 && { tools: lastCached(tools) }),
    ...thinkingFor(request, messages),
  };
}

/** The values of the `anthropic-beta` header. */
export function betasOf({ thinking }: AnthropicRequest): readonly string[] {
  return thinking && "block_binding" in thinking ? [BINDING_BETA] : [];
}

function anthropicTool({ function: tool }: ToolSchema): Anthropic.Tool {
  const { name, description, parameters } = tool;
  const schema = isObject(parameters) ? parameters : {};
  return { name, description, input_schema: { ...schema, type: "object" } };
}
