// The body of a responses request. Pure.
import type OpenAI from "openai";
import { isObject } from "../core/schema.ts";
import type { ToolSchema } from "../core/tool_schema.ts";
import {
  type Effort,
  effortOf,
  reasons,
  takesParallelCalls,
  takesVerbosity,
} from "./openai_models.ts";
import type { ModelRequest } from "./provider.ts";
import { responsesInput } from "./responses_messages.ts";

type ResponsesRequest = OpenAI.Responses.ResponseCreateParamsStreaming;

/** Fields a request can do without, as an error's `param` names them. */
export const REFINEMENTS = [
  "reasoning",
  "reasoning.summary",
  "text",
  "text.verbosity",
  "include",
] as const;

/**
 * Field by field what `POST /responses` takes (wire: providers, openai). Nothing is stored there,
 * so nothing is referred to either: each request holds the whole conversation.
 */
export function responsesRequest(
  request: ModelRequest,
  { isRefined }: { readonly isRefined: boolean },
): ResponsesRequest {
  const { model, messages, tools } = request;
  const reasoning = reasoningOf(request, isRefined);
  return {
    model,
    input: responsesInput(messages, model),
    stream: true,
    store: false,
    max_output_tokens: Math.max(request.maxOutputTokens, LEAST_OUTPUT_TOKENS),
    ...(tools.length > 0 && { tools: tools.map(functionTool), tool_choice: "auto" as const }),
    ...(tools.length > 0 && takesParallelCalls(model) && { parallel_tool_calls: true }),
    ...(reasoning && { reasoning }),
    ...(isRefined && takesVerbosity(model) && { text: { verbosity: "high" as const } }),
    ...(isRefined && reasons(model) && { include: ["reasoning.encrypted_content" as const] }),
  };
}

/** The API refuses less. */
const LEAST_OUTPUT_TOKENS = 16;

function reasoningOf(
  { model, reasoningEffort }: ModelRequest,
  isRefined: boolean,
): OpenAI.Reasoning | undefined {
  const effort = effortFor(model, reasoningEffort);
  const reasoning: OpenAI.Reasoning = {
    ...(effort !== undefined && { effort }),
    ...(isRefined && reasons(model) && { summary: "auto" as const }),
  };
  return Object.keys(reasoning).length > 0 ? reasoning : undefined;
}

/** `max` is a word of gpt-6 onwards. */
function effortFor(model: string, asked: string | undefined): Effort | undefined {
  const effort = effortOf(asked);
  return effort === "max" && !/^(?:openai\/)?gpt-(?:[6-9]|\d\d)/.test(model) ? "xhigh" : effort;
}

function functionTool({ function: tool }: ToolSchema): OpenAI.Responses.FunctionTool {
  const { name, description, parameters } = tool;
  return {
    type: "function",
    name,
    description,
    parameters: isObject(parameters) ? parameters : {},
    strict: false,
  };
}
