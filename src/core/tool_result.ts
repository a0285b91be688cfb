// What a tool gave back.
import { flag, type Infer, list, nullable, optional, text } from "./schema.ts";
import { struct } from "./struct.ts";

export const toolImageSchema = struct({
  /** `image/png` and the like. */
  mime_type: text,
  /** Base64. */
  data: text,
});

/** wire: ToolResultImage. */
export type ToolImage = Infer<typeof toolImageSchema>;

/**
 * Absent and null differ when written: `display_preference` is always there, as null when there is
 * none; `images` is left out when there are none.
 */
export const toolResultSchema = struct({
  success: flag,
  result: text,
  /** How a host shows it: `Default`, `Collapsible`, `json` and the like; a free text. */
  display_preference: nullable(text),
  images: optional(list(toolImageSchema)),
}, { empty: { images: [] } });

/** wire: ToolResult. */
export type ToolResult = Infer<typeof toolResultSchema>;
