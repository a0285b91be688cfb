// What Anthropic's API wants to see again with an answer: its signed or redacted thinking, and where
// in the answer it stood. The texts and calls themselves are the message's.
import * as z from "zod";
import type { Message } from "../core/message.ts";
import { carriedBy } from "./carry.ts";

const carrySchema = z.object({
  blocks: z.array(z.discriminatedUnion("type", [
    z.object({
      type: z.literal("thinking"),
      /** Empty where the model shows none of it. */
      thinking: z.string(),
      signature: z.string().check(z.minLength(1)),
    }),
    z.object({ type: z.literal("redacted_thinking"), data: z.string() }),
    /** So many UTF-16 units of the message's content. */
    z.object({ type: z.literal("text"), length: z.int().check(z.nonnegative()) }),
    z.object({ type: z.literal("tool_use"), id: z.string() }),
  ])),
});

/** The blocks of an answer, in their order. */
export type AnthropicCarry = z.output<typeof carrySchema>;
export type CarriedBlock = AnthropicCarry["blocks"][number];

/** What `model` itself left with the message; nothing for what does not fit. */
export function carriedBlocks(message: Message, model: string): readonly CarriedBlock[] {
  const data = carriedBy(message, { protocol: "anthropic", model });
  return z.safeParse(carrySchema, data).data?.blocks ?? [];
}
