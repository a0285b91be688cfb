// The tools as they are offered to a model.
import * as z from "zod";
import type { ToolSchema } from "../core/tool_schema.ts";
import { builtinTools } from "./builtin.ts";
import { resolveToolName } from "./names.ts";
import type { Tool } from "./tool.ts";

/** Sorted by name, without the disabled ones, which may be named by alias. */
export function toolSchemas(disabled: readonly string[]): ToolSchema[] {
  const hidden = new Set(disabled.map(resolveToolName));
  return builtinTools
    .filter(({ name }) => !hidden.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(schemaOf);
}

function schemaOf({ name, description, input }: Tool): ToolSchema {
  return { type: "function", function: { name, description, parameters: parametersOf(input) } };
}

function parametersOf(input: z.ZodMiniObject): unknown {
  const { $schema: _, ...parameters } = z.toJSONSchema(input, { io: "input", override: tighten });
  return parameters;
}

/**
 * Unknown arguments are ignored when read, but a model is told not to invent any, except where the
 * reference does not: those objects are loose ones.
 */
function tighten({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.type === "object") {
    if (jsonSchema.additionalProperties === undefined) jsonSchema.additionalProperties = false;
    else delete jsonSchema.additionalProperties;
  }
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
