// From the text a model wrote as a call's arguments to an object, or to the reason there is none.
import { messageOf } from "../core/errors.ts";
import { modernArguments } from "./legacy_arguments.ts";
import { repairJson, scanJson } from "./repair_json.ts";
import type { Tool } from "./tool.ts";

export type Arguments = Readonly<Record<string, unknown>>;

export type ParsedArguments =
  | { readonly type: "read"; readonly value: Arguments }
  /** `error` is the whole line for the model (wire: tool_error). */
  | { readonly type: "refused"; readonly error: string };

/** Deeper than any tool's arguments; what is deeper could end a thread that copies it. */
const MAX_DEPTH = 64;

/** Strict tools need valid JSON; for others broken text is mended, and is `{}` if it cannot be. */
export function parseArguments(
  tool: Pick<Tool, "name" | "arguments" | "input">,
  text: string,
): ParsedArguments {
  const strict = parseObject(text);
  if (strict.type === "read") return { type: "read", value: modernArguments(tool, strict.value) };
  if (tool.arguments === "strict") {
    const error =
      `Tool policy blocked '${tool.name}' due to invalid JSON arguments: ${strict.error}`;
    return { type: "refused", error };
  }
  const mended = parseObject(repairJson(text));
  return { type: "read", value: modernArguments(tool, mended.type === "read" ? mended.value : {}) };
}

function parseObject(text: string): ParsedArguments {
  if (scanJson(text).depth > MAX_DEPTH) {
    return { type: "refused", error: `nested deeper than ${MAX_DEPTH} levels` };
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { type: "read", value };
    return { type: "refused", error: "expected a JSON object" };
  } catch (thrown) {
    return { type: "refused", error: messageOf(thrown) };
  }
}

function isObject(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
