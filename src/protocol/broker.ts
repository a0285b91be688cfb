// What agents and the broker of their mailboxes say to each other.
import * as z from "zod";
import { type Infer, text } from "../core/schema.ts";
import { tagged } from "../core/struct.ts";
import { agentRefSchema, inboxMessageSchema } from "./mailbox.ts";
import { decodeFrame } from "./decode.ts";

export const clientFrameSchema = tagged("kind", [
  /** Always the first. */
  z.object({ kind: z.literal("hello"), agent: agentRefSchema, token: text }),
  z.object({ kind: z.literal("deliver"), to: text, message: inboxMessageSchema }),
  z.object({ kind: z.literal("subscribe") }),
  z.object({ kind: z.literal("ack"), id: text }),
]);
/** wire: ClientFrame. */
export type ClientFrame = Infer<typeof clientFrameSchema>;

export const brokerFrameSchema = tagged("kind", [
  z.object({ kind: z.literal("welcome") }),
  z.object({ kind: z.literal("error"), reason: text }),
  z.object({ kind: z.literal("message"), message: inboxMessageSchema }),
  z.object({ kind: z.literal("delivered"), id: text }),
]);
/** wire: BrokerFrame. */
export type BrokerFrame = Infer<typeof brokerFrameSchema>;

/** A frame the broker got. */
export function decodeClientFrame(text: string): ClientFrame {
  return decodeFrame(clientFrameSchema, text);
}

/** A frame the broker sent. */
export function decodeBrokerFrame(text: string): BrokerFrame {
  return decodeFrame(brokerFrameSchema, text);
}
