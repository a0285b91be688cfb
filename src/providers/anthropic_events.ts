// The events of Anthropic's API that are read, and what they count. Pure; the rest of them, and of
// their fields, is nobody's.
import * as z from "zod";
import type { ModelUsage } from "./provider.ts";
import { count, extraCount, maybeText } from "./server_field.ts";
import { usageOf } from "./token_counts.ts";

/** The start of a block, or a delta of it: the fields of the kinds that are read. */
const blockPart = z.object({
  type: z.string(),
  text: maybeText,
  thinking: maybeText,
  signature: maybeText,
  data: maybeText,
  partial_json: maybeText,
  id: maybeText,
  name: maybeText,
  input: z.optional(z.unknown()),
});
export type BlockPart = z.output<typeof blockPart>;

const usageSchema = z.object({
  input_tokens: extraCount,
  output_tokens: extraCount,
  cache_creation_input_tokens: extraCount,
  cache_read_input_tokens: extraCount,
  output_tokens_details: z.catch(z.nullish(z.object({ thinking_tokens: extraCount })), undefined),
});
export type Usage = Partial<z.output<typeof usageSchema>>;
const maybeUsage = z.catch(z.nullish(usageSchema), undefined);

const namedSchema = z.object({ type: z.string() });
const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message_start"), message: z.object({ usage: maybeUsage }) }),
  z.object({ type: z.literal("content_block_start"), index: count, content_block: blockPart }),
  z.object({ type: z.literal("content_block_delta"), index: count, delta: blockPart }),
  z.object({
    type: z.literal("message_delta"),
    delta: z.nullish(z.object({ stop_reason: maybeText })),
    usage: maybeUsage,
  }),
]);

/** wire: RawMessageStreamEvent. */
export type ApiEvent = z.output<typeof eventSchema> | { readonly type: "other" };

const OTHER: ApiEvent = { type: "other" };
const KNOWN_EVENTS: ReadonlySet<string> = new Set([
  "message_start",
  "content_block_start",
  "content_block_delta",
  "message_delta",
]);
const KNOWN_DELTAS: ReadonlySet<string> = new Set([
  "text_delta",
  "thinking_delta",
  "signature_delta",
  "input_json_delta",
]);

/** `other` for an event or a delta of a kind that is not read; undefined for what is no event. */
export function readEvent(raw: unknown): ApiEvent | undefined {
  const named = z.safeParse(namedSchema, raw).data;
  if (named && !KNOWN_EVENTS.has(named.type)) return OTHER;
  const event = z.safeParse(eventSchema, raw).data;
  return event?.type === "content_block_delta" && !KNOWN_DELTAS.has(event.delta.type)
    ? OTHER
    : event;
}

/** The API counts what its cache took part in apart from the rest of the prompt. */
export function toUsage(usage: Usage): ModelUsage | undefined {
  const { input_tokens: input, output_tokens: output } = usage;
  if (input == null || output == null) return undefined;
  const { cache_creation_input_tokens: written, cache_read_input_tokens: read } = usage;
  return usageOf({
    prompt: input + (written ?? 0) + (read ?? 0),
    completion: output,
    cachedPrompt: read,
    cacheWrite: written,
    reasoning: usage.output_tokens_details?.thinking_tokens,
  });
}
