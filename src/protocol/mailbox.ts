// A letter from one agent to another, kept in the receiver's mailbox.
import { defaulted, type Infer, json, oneOf, optional, text } from "../core/schema.ts";
import { struct } from "../core/struct.ts";
import { timestamp } from "../core/timestamp.ts";
import { decode } from "./decode.ts";

export const agentRefSchema = struct({ session_id: text, role: optional(text) });
/** wire: AgentRef. */
export type AgentRef = Infer<typeof agentRefSchema>;

export const inboxMessageSchema = struct({
  id: text,
  from: agentRefSchema,
  kind: oneOf("task", "ask", "handoff", "reply", "mcp_request", "mcp_reply"),
  /** By kind: Message, AskBody, any, ReplyBody, McpRequest, McpReply. */
  body: json,
  created_at: timestamp,
  /** Id of the message this one answers. */
  correlation_id: optional(text),
});
/** wire: InboxMessage. */
export type InboxMessage = Infer<typeof inboxMessageSchema>;

/** A query is answered; a steer only changes the course. */
export const askBodySchema = struct({
  question: text,
  mode: defaulted(oneOf("query", "steer"), "query"),
});
export type AskBody = Infer<typeof askBodySchema>;

export const replyBodySchema = struct({ answer: text });
export type ReplyBody = Infer<typeof replyBodySchema>;

/** The content of a file in a mailbox. */
export function decodeInboxMessage(text: string): InboxMessage {
  return decode(inboxMessageSchema, text);
}
