// The fixtures of tests/fixtures/wire as typed lists, and how each kind is read and written.
import { readFileSync } from "node:fs";
import * as z from "zod";
import { agentEventSchema } from "../../src/core/event.ts";
import { messageSchema } from "../../src/core/message.ts";
import { toolCallSchema } from "../../src/core/tool_call.ts";
import { toolResultSchema } from "../../src/core/tool_result.ts";
import { decodeBrokerFrame, decodeClientFrame } from "../../src/protocol/broker.ts";
import { decode } from "../../src/protocol/decode.ts";
import { encodeFrame, encodeRecord, encodeSpec } from "../../src/protocol/encode.ts";
import { decodeChildFrame, decodeParentFrame } from "../../src/protocol/frames.ts";
import { decodeInboxMessage } from "../../src/protocol/mailbox.ts";
import { mcpConfigSchema } from "../../src/protocol/mcp_config.ts";
import { mcpReplySchema, mcpRequestSchema } from "../../src/protocol/mcp_proxy.ts";
import { reasoningEffortSchema } from "../../src/protocol/reasoning_effort.ts";
import { decodeRecord } from "../../src/protocol/record.ts";
import { runtimeStateSchema } from "../../src/protocol/runtime_state.ts";
import { decodeSession } from "../../src/protocol/session.ts";
import { decodeSpec } from "../../src/protocol/spec.ts";

const sampleSchema = z.object({ name: z.string(), value: z.unknown() });
const rowSchema = z.object({
  kind: z.string(),
  why: z.string(),
  text: z.optional(z.string()),
  json: z.optional(z.unknown()),
  reencoded: z.optional(z.unknown()),
});

export type Sample = z.infer<typeof sampleSchema>;
export type Row = z.infer<typeof rowSchema>;

/** The parsed content of a fixture, `provision/full.json`. */
export function fixture(name: string): unknown {
  return JSON.parse(fixtureText(name));
}

export function fixtureText(name: string): string {
  return readFileSync(new URL(`../fixtures/wire/${name}`, import.meta.url), "utf8");
}

export function samples(name: string, part?: string): readonly Sample[] {
  const content = fixture(name);
  const list = part ? z.parse(z.record(z.string(), z.unknown()), content)[part] : content;
  return z.parse(z.array(sampleSchema), list);
}

export function rows(name: "decode_ok.json" | "decode_err.json"): readonly Row[] {
  return z.parse(z.array(rowSchema), fixture(name));
}

export function rowText(row: Row): string {
  return row.text ?? JSON.stringify(row.json);
}

/** Reads a text as its kind and writes it again; throws what the decoder throws. */
export function reencode(kind: string, text: string): string {
  const coder = coders.get(kind);
  if (!coder) throw new TypeError(`Unknown kind ${kind}`);
  return coder(text);
}

const coders = new Map<string, (text: string) => string>([
  ["provision_spec", (text) => encodeSpec(decodeSpec(text))],
  ["parent_frame", (text) => encodeFrame(decodeParentFrame(text))],
  ["child_frame", (text) => encodeFrame(decodeChildFrame(text))],
  ["client_frame", (text) => encodeFrame(decodeClientFrame(text))],
  ["broker_frame", (text) => encodeFrame(decodeBrokerFrame(text))],
  ["agent_record", (text) => encodeRecord(decodeRecord(text))],
  ["inbox_message", (text) => JSON.stringify(decodeInboxMessage(text))],
  ["session", (text) => JSON.stringify(decodeSession(text))],
  ["agent_event", bySchema(agentEventSchema)],
  ["message", bySchema(messageSchema)],
  ["tool_call", bySchema(toolCallSchema)],
  ["tool_result", bySchema(toolResultSchema)],
  ["runtime_state", bySchema(runtimeStateSchema)],
  ["reasoning_effort", bySchema(reasoningEffortSchema)],
  ["mcp_request", bySchema(mcpRequestSchema)],
  ["mcp_reply", bySchema(mcpReplySchema)],
  ["mcp_config", bySchema(mcpConfigSchema)],
]);

function bySchema(schema: z.core.$ZodType): (text: string) => string {
  return (text) => JSON.stringify(decode(schema, text));
}
