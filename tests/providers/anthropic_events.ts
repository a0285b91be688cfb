// The events of Anthropic's API as a test writes them, and their wire form.
import { EVENT_STREAM } from "./model_server.ts";

type ApiEvent = { readonly type: string; readonly [field: string]: unknown };

export function messageStart(usage: unknown = { input_tokens: 1, output_tokens: 1 }): ApiEvent {
  return { type: "message_start", message: { type: "message", role: "assistant", usage } };
}

/** A whole block: its start, its deltas and its stop. */
export function block(
  index: number,
  content_block: unknown,
  deltas: readonly unknown[] = [],
): ApiEvent[] {
  return [
    { type: "content_block_start", index, content_block },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

export function textBlock(index: number, ...pieces: readonly string[]): ApiEvent[] {
  const deltas = pieces.map((text) => ({ type: "text_delta", text }));
  return block(index, { type: "text", text: "" }, deltas);
}

export function thinkingBlock(index: number, thinking: string, signature?: string): ApiEvent[] {
  const deltas: unknown[] = [{ type: "thinking_delta", thinking }];
  if (signature !== undefined) deltas.push({ type: "signature_delta", signature });
  return block(index, { type: "thinking", thinking: "", signature: "" }, deltas);
}

export function callBlock(
  index: number,
  { id, name, pieces }: { id?: string; name: string; pieces: readonly string[] },
): ApiEvent[] {
  const deltas = pieces.map((partial_json) => ({ type: "input_json_delta", partial_json }));
  return block(index, { type: "tool_use", id, name, input: {} }, deltas);
}

export function messageDelta(stop_reason: string | null, usage?: unknown): ApiEvent {
  return { type: "message_delta", delta: { stop_reason, stop_sequence: null }, usage };
}

/** A whole answer of one text. */
export function hi(): ApiEvent[] {
  const stop = { type: "message_stop" };
  return [messageStart(), ...textBlock(0, "Hi"), messageDelta("end_turn"), stop];
}

/** As server-sent events; a text stands for itself. */
export function wireText(events: readonly (ApiEvent | string)[]): string {
  return events.map((event) =>
    typeof event === "string" ? event : `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
  )
    .join("");
}

export function wire(...events: readonly (ApiEvent | string)[]): Response {
  return new Response(wireText(events), { headers: EVENT_STREAM });
}
