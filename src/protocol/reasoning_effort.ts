// How hard a model should think.
import * as z from "zod";
import { type Infer, oneOf } from "../core/schema.ts";

export const reasoningEffortSchema = oneOf("low", "medium", "high", "xhigh", "max");
/** wire: ReasoningEffort. */
export type ReasoningEffort = Infer<typeof reasoningEffortSchema>;

/** The effort a text names; undefined for one that names none. */
export function readReasoningEffort(text: string | undefined): ReasoningEffort | undefined {
  return z.safeParse(reasoningEffortSchema, text).data;
}
