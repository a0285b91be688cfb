// A tool as it is offered to a model.
import { type Infer, json, text } from "./schema.ts";
import { struct } from "./struct.ts";

export const toolSchemaSchema = struct({
  type: text,
  function: struct({
    name: text,
    description: text,
    /** JSON Schema of the arguments. */
    parameters: json,
  }),
});

/** wire: ToolSchema; `type` is `function`. */
export type ToolSchema = Infer<typeof toolSchemaSchema>;
