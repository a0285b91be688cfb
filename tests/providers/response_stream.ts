// The events by which the responses API writes an answer.
import type { Answer } from "./contract.ts";
import { EVENT_STREAM } from "./model_server.ts";

export type ResponseItem = Readonly<Record<string, unknown>>;

/** A whole answer, or its failure. */
export function responseStream(answer: Answer): Response {
  const { failure, usage } = answer;
  if (failure) {
    const error = { message: failure.message, type: "some_error", param: null, code: null };
    return Response.json({ error }, { status: failure.status });
  }
  return responseEvents([
    { type: "response.created", response: { id: "resp_1", status: "in_progress", error: null } },
    ...itemsOf(answer).flatMap((events, index) =>
      events.map((event) => ({ ...event, output_index: index }))
    ),
    completed({
      ...(usage && { usage: { input_tokens: usage.prompt, output_tokens: usage.completion } }),
    }),
  ]);
}

/** As the API writes them: the type twice. */
export function responseEvents(events: readonly ResponseItem[]): Response {
  const text = events.map((event) => `event: ${event["type"]}\ndata: ${JSON.stringify(event)}\n\n`);
  return new Response(text.join(""), { headers: EVENT_STREAM });
}

export function completed(fields: ResponseItem = {}): ResponseItem {
  return { type: "response.completed", response: { status: "completed", error: null, ...fields } };
}

export function textDelta(delta: string, output_index = 0): ResponseItem {
  return { type: "response.output_text.delta", output_index, content_index: 0, delta };
}

function itemsOf({ reasoning, text = [], calls = [] }: Answer): ResponseItem[][] {
  return [
    ...(reasoning === undefined ? [] : [reasoningItem(reasoning)]),
    ...(text.length === 0 ? [] : [text.map((delta) => textDelta(delta))]),
    ...calls.map(callItem),
  ];
}

function reasoningItem(delta: string): ResponseItem[] {
  const summary = [{ type: "summary_text", text: delta }];
  return [
    { type: "response.reasoning_summary_part.added", summary_index: 0 },
    { type: "response.reasoning_summary_text.delta", summary_index: 0, delta },
    {
      type: "response.output_item.done",
      item: { type: "reasoning", id: "rs_1", summary, encrypted_content: "sealed" },
    },
  ];
}

function callItem({ id, name, arguments: text }: NonNullable<Answer["calls"]>[number]) {
  const item = { type: "function_call", id: "fc_1", call_id: id, name };
  return [
    { type: "response.output_item.added", item: { ...item, arguments: "" } },
    { type: "response.function_call_arguments.delta", item_id: "fc_1", delta: text.slice(0, 5) },
    { type: "response.function_call_arguments.delta", item_id: "fc_1", delta: text.slice(5) },
    { type: "response.function_call_arguments.done", item_id: "fc_1", arguments: text },
    { type: "response.output_item.done", item: { ...item, arguments: text } },
  ];
}
