// What a host and its worker say to each other, one JSON object a frame.
import * as z from "zod";
import { flag, type Infer, json, list, oneOf, optional, text } from "../core/schema.ts";
import { tagged } from "../core/struct.ts";
import { decodeFrame } from "./decode.ts";

/** host → worker. `messages` is left out when there are none, and holds anything. */
export const parentFrameSchema = tagged("kind", [
  z.object({
    kind: z.literal("run"),
    assignment: text,
    /** Any text; `readReasoningEffort` knows the words. */
    reasoning_effort: optional(text),
    messages: optional(list(json)),
  }),
  z.object({ kind: z.literal("message"), text }),
  z.object({ kind: z.literal("cancel") }),
  z.object({ kind: z.literal("approval_reply"), id: text, approved: flag }),
  z.object({ kind: z.literal("subagent_reply"), id: text, body: json }),
], { empty: { messages: [] } });
/** wire: ParentFrame. */
export type ParentFrame = Infer<typeof parentFrameSchema>;
export type RunFrame = Extract<ParentFrame, { kind: "run" }>;

export const terminalStatusSchema = oneOf("completed", "error", "cancelled", "suspended");
export type TerminalStatus = Infer<typeof terminalStatusSchema>;

/** worker → host. `transcript` is left out when it is empty, which it is. */
export const childFrameSchema = tagged("kind", [
  /** An AgentEvent, or anything: hosts drop what they do not know. */
  z.object({ kind: z.literal("event"), event: json }),
  /** `body` is `{tool_name, permission, resource}`. */
  z.object({ kind: z.literal("approval_request"), id: text, body: json }),
  /** `body` is the arguments of the SubAgent tool. */
  z.object({ kind: z.literal("subagent_request"), id: text, body: json }),
  z.object({
    kind: z.literal("terminal"),
    status: terminalStatusSchema,
    result: optional(text),
    error: optional(text),
    transcript: optional(list(json)),
    /** ours: why a run failed. */
    reason: optional(oneOf("failed", "refused", "limit", "budget", "timeout")),
  }),
], { empty: { transcript: [] } });
/** wire: ChildFrame. */
export type ChildFrame = Infer<typeof childFrameSchema>;
export type TerminalFrame = Extract<ChildFrame, { kind: "terminal" }>;

/** A frame a worker got. */
export function decodeParentFrame(text: string): ParentFrame {
  return decodeFrame(parentFrameSchema, text);
}

/** A frame a host got. */
export function decodeChildFrame(text: string): ChildFrame {
  return decodeFrame(childFrameSchema, text);
}
