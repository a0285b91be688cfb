// From the text a peer sent to checked data, or to one line that says what is wrong with it.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { type Message, messageSchema } from "../core/message.ts";
import {
  type BrokerFrame,
  brokerFrameSchema,
  type ClientFrame,
  clientFrameSchema,
} from "./broker.ts";
import {
  type ChildFrame,
  childFrameSchema,
  type ParentFrame,
  parentFrameSchema,
} from "./frames.ts";
import { readJson } from "./json.ts";
import { MAX_MESSAGE_BYTES, MAX_SPEC_BYTES } from "./limits.ts";
import { type InboxMessage, inboxMessageSchema } from "./mailbox.ts";
import { type McpConfig, mcpConfigSchema } from "./mcp_config.ts";
import { type AgentRecord, agentRecordSchema } from "./record.ts";
import { type Session, sessionSchema } from "./session.ts";
import { type ProvisionSpec, provisionSpecSchema } from "./spec.ts";

// Every decoder here throws WorkerError `bad_input` with a line like
// `identity.child_id: expected a string, got a number`. Values are never shown: some are secret.

/** A spec as it came on stdin; blanks around it do not count. */
export function decodeSpec(text: string): ProvisionSpec {
  limit(text, { most: MAX_SPEC_BYTES, what: "spec" });
  return decode(provisionSpecSchema, trimmed(text));
}

/** A frame a worker got. */
export function decodeParentFrame(text: string): ParentFrame {
  return decodeFrame(parentFrameSchema, text);
}

/** A frame a host got. */
export function decodeChildFrame(text: string): ChildFrame {
  return decodeFrame(childFrameSchema, text);
}

/** A frame the broker got. */
export function decodeClientFrame(text: string): ClientFrame {
  return decodeFrame(clientFrameSchema, text);
}

/** A frame the broker sent. */
export function decodeBrokerFrame(text: string): BrokerFrame {
  return decodeFrame(brokerFrameSchema, text);
}

/** The content of a record file. */
export function decodeRecord(text: string): AgentRecord {
  return decode(agentRecordSchema, text);
}

/** The content of a file in a mailbox. */
export function decodeInboxMessage(text: string): InboxMessage {
  return decode(inboxMessageSchema, text);
}

/** The content of session.json. */
export function decodeSession(text: string): Session {
  return decode(sessionSchema, text);
}

/** An entry of a run frame's history; undefined for one that is no message. */
export function decodeMessage(value: unknown): Message | undefined {
  return z.safeParse(messageSchema, value).data;
}

/** What a spec has in `capabilities.mcp`. */
export function decodeMcpConfig(value: unknown): McpConfig {
  return check(mcpConfigSchema, value, { at: "capabilities.mcp" });
}

/** Any JSON text by its schema. */
export function decode<S extends z.core.$ZodType>(schema: S, text: string): z.output<S> {
  return check(schema, readJson(text));
}

function decodeFrame<S extends z.core.$ZodType>(schema: S, text: string): z.output<S> {
  limit(text, { most: MAX_MESSAGE_BYTES, what: "frame" });
  return decode(schema, text);
}

function check<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  { at = "" }: { readonly at?: string } = {},
): z.output<S> {
  const read = z.safeParse(schema, value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = pathText(at, issue?.path ?? []);
  throw new WorkerError("bad_input", `${place && `${place}: `}${issue?.message}`);
}

/** Characters are at most as many as bytes, so what is refused here is too large in bytes too. */
function limit(text: string, { most, what }: { most: number; what: string }): void {
  if (text.length <= most) return;
  const size = Math.ceil(text.length / (1024 * 1024));
  throw new WorkerError(
    "bad_input",
    `Cannot read the ${what}: ${size} MiB, expected at most ${most / (1024 * 1024)} MiB`,
  );
}

/** `secrets.provider_credentials[0].api_key`. Names a peer made up are cut and made printable. */
function pathText(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const name = String(step).replace(/[^\x21-\x7e]/g, "?").slice(0, 60);
    return text ? `${text}.${name}` : name;
  }, at);
}

/** Without Unicode's blanks around it; a byte order mark is none of them and stays. */
function trimmed(text: string): string {
  const blank = /\p{White_Space}/u;
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start++;
  while (end > start && blank.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
