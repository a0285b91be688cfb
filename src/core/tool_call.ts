// A call of a tool as the model asked for it.
import { type Infer, text } from "./schema.ts";
import { struct } from "./struct.ts";

export const toolCallSchema = struct({
  id: text,
  /** `function`; others are kept as they came. */
  type: text,
  function: struct({
    name: text,
    /** The text the model wrote; need not be JSON. */
    arguments: text,
  }),
});

/** wire: ToolCall. */
export type ToolCall = Infer<typeof toolCallSchema>;
