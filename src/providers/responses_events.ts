// The events of a response's stream that count here, as the API writes them. All others, and there
// are many, are left alone.
import * as z from "zod";
import { count, extraCount, maybeText } from "./server_field.ts";

/** Reasoning keeps what is not named here: it is handed back. */
const outputItem = z.looseObject({
  type: z.string(),
  call_id: maybeText,
  name: maybeText,
  arguments: maybeText,
  phase: z.catch(z.nullish(z.enum(["commentary", "final_answer"])), undefined),
});
export type OutputItem = z.output<typeof outputItem>;
export type Phase = NonNullable<OutputItem["phase"]>;

const usage = z.object({
  input_tokens: count,
  output_tokens: count,
  total_tokens: extraCount,
  input_tokens_details: z.catch(
    z.nullish(z.object({ cached_tokens: extraCount, cache_write_tokens: extraCount })),
    undefined,
  ),
  output_tokens_details: z.catch(z.nullish(z.object({ reasoning_tokens: extraCount })), undefined),
});
export type ResponseUsage = z.output<typeof usage>;

const responseEnd = z.object({
  status: maybeText,
  usage: z.catch(z.nullish(usage), undefined),
  incomplete_details: z.nullish(z.object({ reason: maybeText })),
});
export type ResponseEnd = z.output<typeof responseEnd>;

const kinds = [
  z.object({
    type: z.literal([
      "response.output_text.delta",
      "response.refusal.delta",
      "response.function_call_arguments.delta",
    ]),
    output_index: count,
    delta: z.string(),
  }),
  z.object({
    type: z.literal(["response.reasoning_summary_text.delta", "response.reasoning_text.delta"]),
    delta: z.string(),
  }),
  z.object({ type: z.literal(["response.reasoning_summary_part.added"]) }),
  z.object({
    type: z.literal(["response.function_call_arguments.done"]),
    output_index: count,
    arguments: z.string(),
  }),
  z.object({
    type: z.literal(["response.output_item.added", "response.output_item.done"]),
    output_index: count,
    item: outputItem,
  }),
  z.object({
    type: z.literal(["response.completed", "response.incomplete"]),
    response: responseEnd,
  }),
  z.object({
    type: z.literal(["response.failed"]),
    response: z.object({ error: z.unknown() }),
  }),
  z.looseObject({ type: z.literal(["error"]) }),
] as const;

const known = z.discriminatedUnion("type", kinds);
export type ResponseEvent = z.output<typeof known>;

const head = z.object({ type: z.string() });
const KNOWN: ReadonlySet<string> = new Set(kinds.flatMap((kind) => kind.shape.type.def.values));

/** Undefined for an event that does not count; `broken` for what is no event. */
export function readResponseEvent(raw: unknown): ResponseEvent | "broken" | undefined {
  const type = z.safeParse(head, raw).data?.type;
  if (type === undefined) return "broken";
  return KNOWN.has(type) ? z.safeParse(known, raw).data ?? "broken" : undefined;
}
