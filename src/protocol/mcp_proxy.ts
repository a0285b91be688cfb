// MCP tools of the orchestrator, asked for in letters: first the manifest, then call after call.
import * as z from "zod";
import { flag, type Infer, list, optional, text } from "../core/schema.ts";
import { struct, tagged } from "../core/struct.ts";
import { toolSchemaSchema } from "../core/tool_schema.ts";

export const mcpRequestSchema = tagged("op", [
  z.object({ op: z.literal("manifest") }),
  /** `arguments` is JSON text. */
  z.object({ op: z.literal("call"), tool: text, arguments: text }),
]);
/** wire: McpRequest. */
export type McpRequest = Infer<typeof mcpRequestSchema>;

export const mcpReplySchema = struct({
  manifest: optional(list(toolSchemaSchema)),
  result: optional(struct({ success: flag, result: text })),
  error: optional(text),
});
/** wire: McpReply. */
export type McpReply = Infer<typeof mcpReplySchema>;
