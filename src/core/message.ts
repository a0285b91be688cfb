// One message of a conversation, as it is stored and sent. Its schemas are built when first read with.
import * as z from "zod";
import { systemClock } from "../base/clock.ts";
import {
  defaulted,
  flag,
  i64,
  type Infer,
  json,
  list,
  oneOf,
  optional,
  text,
  u8,
} from "./schema.ts";
import { struct, tagged } from "./struct.ts";
import { formatTimestamp, timestamp } from "./timestamp.ts";
import { toolCallSchema } from "./tool_call.ts";

export const roleSchema = oneOf("system", "user", "assistant", "tool");
export type Role = Infer<typeof roleSchema>;

export const messagePartSchema = z.lazy(() =>
  tagged("type", [
    z.object({ type: z.literal("text"), text }),
    z.object({
      type: z.literal("image_url"),
      /** `url` is http(s), `data:` or `bamboo-attachment://<session>/<id>`. */
      image_url: struct({ url: text, detail: optional(text) }),
    }),
  ])
);
export type MessagePart = Infer<typeof messagePartSchema>;

/** Text found in an image; sizes in pixels. */
const imageOcrSchema = z.lazy(() =>
  struct({
    image_url: text,
    lines: optional(list(struct({ text, left: i64, top: i64, width: i64, height: i64 }))),
    error: optional(text),
  }, { empty: { lines: [] } })
);

/**
 * Absent and null differ: a field that has nothing to say is left out, never written as null, and
 * so are `false` and 0. Read, null means left out, but for `compressed`, `never_compress` and
 * `compression_level`, where it is refused. An id or time that is missing is made up.
 */
export const messageSchema = z.lazy(() =>
  struct({
    id: defaulted(text, () => crypto.randomUUID()),
    role: roleSchema,
    content: text,
    reasoning: optional(text),
    content_parts: optional(list(messagePartSchema)),
    image_ocr: optional(list(imageOcrSchema)),
    /** `commentary` goes with tool calls. */
    phase: optional(oneOf("commentary", "final_answer")),
    tool_calls: optional(list(toolCallSchema)),
    tool_call_id: optional(text),
    tool_success: optional(flag),
    compressed: optional(flag),
    compressed_by_event_id: optional(text),
    never_compress: optional(flag),
    compression_level: optional(u8),
    created_at: defaulted(timestamp, () => formatTimestamp(systemClock.now())),
    metadata: optional(json),
  }, { empty: { id: "", compressed: false, never_compress: false, compression_level: 0 } })
);

/** wire: Message. */
export type Message = Infer<typeof messageSchema>;

/** An entry of a run frame's history; undefined for one that is no message. */
export function decodeMessage(value: unknown): Message | undefined {
  return z.safeParse(messageSchema, value).data;
}
