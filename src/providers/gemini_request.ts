// Where a Gemini request goes and what its body holds. Pure.
import type {
  Content,
  FunctionDeclaration,
  GenerateContentConfig,
  ThinkingConfig,
  ThinkingLevel,
  Tool,
} from "@google/genai/web";
import { isObject } from "../core/schema.ts";
import type { ToolSchema } from "../core/tool_schema.ts";
import { geminiContents, systemInstruction } from "./gemini_messages.ts";
import { bareModel, thinkingOf } from "./gemini_models.ts";
import type { ModelRequest } from "./provider.ts";

/** Below the address of the API; the model's name cannot leave its place in it. */
export function geminiPath(model: string): string {
  const name = encodeURIComponent(bareModel(model).toWellFormed());
  return `/models/${name}:streamGenerateContent?alt=sse`;
}

/** The SDK types what its client takes, and keeps the body that it sends to itself. */
export type GeminiRequest = {
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content;
  readonly tools?: readonly Tool[];
  readonly generationConfig: Pick<GenerateContentConfig, "maxOutputTokens"> & {
    readonly thinkingConfig?: Thinking;
  };
};

/** Field by field what `models.streamGenerateContent` takes (wire: providers, gemini). */
export function geminiRequest(request: ModelRequest): GeminiRequest {
  const system = systemInstruction(request.messages);
  const thinkingConfig = thinkingFor(request);
  const functionDeclarations = request.tools.map(declaration);
  return {
    contents: geminiContents(request),
    ...(system && { systemInstruction: system }),
    ...(functionDeclarations.length > 0 && { tools: [{ functionDeclarations }] }),
    generationConfig: {
      maxOutputTokens: request.maxOutputTokens,
      ...(thinkingConfig && { thinkingConfig }),
    },
  };
}

/** Levels are an enum of the SDK's, which a type cannot name the members of. */
type Thinking = Omit<ThinkingConfig, "thinkingLevel"> & {
  readonly thinkingLevel?: `${ThinkingLevel}`;
};

/** Tokens; a low effort is left to the model (wire: providers, gemini). */
const BUDGETS: ReadonlyMap<string, number> = new Map([
  ["medium", 1024],
  ["high", 4096],
  ["xhigh", 8192],
  ["max", 8192],
]);

const LEVELS: ReadonlyMap<string, `${ThinkingLevel}`> = new Map([
  ["low", "LOW"],
  ["medium", "MEDIUM"],
  ["high", "HIGH"],
  ["xhigh", "HIGH"],
  ["max", "HIGH"],
]);

/** Nothing without an effort: a model that does not think refuses even to show its thoughts. */
function thinkingFor({ model, reasoningEffort = "" }: ModelRequest): Thinking | undefined {
  switch (thinkingOf(model)) {
    case "none":
      return undefined;
    case "budget": {
      const thinkingBudget = BUDGETS.get(reasoningEffort);
      return thinkingBudget === undefined ? undefined : { includeThoughts: true, thinkingBudget };
    }
    case "level": {
      const thinkingLevel = LEVELS.get(reasoningEffort);
      return thinkingLevel === undefined ? undefined : { includeThoughts: true, thinkingLevel };
    }
  }
}

function declaration({ function: tool }: ToolSchema): FunctionDeclaration {
  const { name, description, parameters } = tool;
  const parametersJsonSchema = isObject(parameters) ? parameters : { type: "object" };
  return { name, description, parametersJsonSchema };
}
