// What Gemini wants to see again with an answer: its signatures, and on which part of the answer
// each stood. The texts and calls themselves are the message's.
import * as z from "zod";

const signature = z.optional(z.string().check(z.minLength(1)));

const carrySchema = z.object({
  parts: z.array(z.discriminatedUnion("type", [
    /** So many UTF-16 units of the message's content. */
    z.object({ type: z.literal("text"), length: z.int().check(z.nonnegative()), signature }),
    /** The message's next call. */
    z.object({ type: z.literal("call"), signature }),
    /** The message does not tell its thoughts apart. */
    z.object({ type: z.literal("thought"), text: z.string(), signature }),
  ])),
});
/** The parts of an answer, in their order. */
export type GeminiCarry = z.output<typeof carrySchema>;
export type CarriedPart = GeminiCarry["parts"][number];

/** What a message carries, if it is of this kind. */
export function readCarry(data: unknown): GeminiCarry | undefined {
  return z.safeParse(carrySchema, data).data;
}
