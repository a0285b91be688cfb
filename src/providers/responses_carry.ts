// What the responses API wants to see again with an answer: its sealed reasoning, and where in the
// answer it stood. The texts and calls themselves are the message's.
import * as z from "zod";

const reasoningItem = z.object({
  type: z.literal("reasoning"),
  id: z.string(),
  summary: z.array(z.object({ type: z.literal("summary_text"), text: z.string() })),
  encrypted_content: z.string(),
});
export type ReasoningItem = z.output<typeof reasoningItem>;

const phase = z.enum(["commentary", "final_answer"]);

const carrySchema = z.object({
  items: z.array(z.discriminatedUnion("type", [
    reasoningItem,
    /** So many UTF-16 units of the message's content. */
    z.object({ type: z.literal("message"), length: z.int(), phase: z.optional(phase) }),
    z.object({ type: z.literal("function_call"), call_id: z.string() }),
  ])),
});
/** The items of an answer, in their order. */
export type ResponsesCarry = z.output<typeof carrySchema>;
export type CarriedItem = ResponsesCarry["items"][number];

/** An item of the API's own, as it came; undefined for one without sealed content. */
export function readReasoningItem(item: unknown): ReasoningItem | undefined {
  return z.safeParse(reasoningItem, item).data;
}

/** What a message carries, if it is of this kind. */
export function readCarry(data: unknown): ResponsesCarry | undefined {
  return z.safeParse(carrySchema, data).data;
}
