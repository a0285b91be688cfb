// What the events of one response say, joined to events of ours. Knows nothing of transport.
import type { Answer } from "./answer.ts";
import { AnswerEvents, type AnswerOptions } from "./answer_events.ts";
import type { ModelEvent, ModelUsage, StopReason, ToolCallEvent } from "./provider.ts";
import { type CarriedItem, readReasoningItem, type ResponsesCarry } from "./responses_carry.ts";
import {
  type OutputItem,
  type Phase,
  readResponseEvent,
  type ResponseEnd,
  type ResponseEvent,
  type ResponseUsage,
} from "./responses_events.ts";
import { providerError } from "./server_error.ts";
import { usageOf } from "./token_counts.ts";

/** Feed `read` each event in order, then call `end` once. */
export class ResponsesAnswer implements Answer {
  readonly #name: string;
  readonly #events: AnswerEvents;
  /** By place in the output. */
  readonly #items = new Map<number, Item>();
  #refused = false;
  #hasReasoned = false;
  #end: ResponseEnd | undefined;

  constructor(options: AnswerOptions) {
    this.#name = options.name;
    this.#events = new AnswerEvents(options);
  }

  /** Nothing that counts can still come. */
  get isWhole(): boolean {
    return this.#end !== undefined;
  }

  /** The text and reasoning this event adds. Throws ProviderError when it tells of a failure. */
  read(raw: unknown): ModelEvent[] {
    const event = readResponseEvent(raw);
    if (event === "broken") {
      throw this.#events.broken("the stream holds something that is no event");
    }
    return event ? this.#take(event) : [];
  }

  /** The calls and the end. Throws ProviderError when the answer broke off. */
  end(): ModelEvent[] {
    if (this.#end === undefined) {
      throw this.#events.broken("the stream ended before the response did");
    }
    const items = [...this.#items].toSorted(([a], [b]) => a - b).map(([, item]) => item);
    const calls = this.#callsAmong(items);
    const carry = carryOf(items, calls);
    return [
      ...this.#events.rest(),
      ...calls.values(),
      this.#events.end({
        stop: this.#stopReason(this.#end, calls.size > 0),
        usage: this.#end.usage ? toUsage(this.#end.usage) : undefined,
        carry,
      }),
    ];
  }

  #take(event: ResponseEvent): ModelEvent[] {
    switch (event.type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        if (event.type === "response.refusal.delta") this.#refused = true;
        this.#messageAt(event.output_index).length += event.delta.length;
        return this.#events.text(event.delta);
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        this.#hasReasoned = true;
        return this.#events.reasoning(event.delta);
      case "response.reasoning_summary_part.added":
        // Parts are paragraphs.
        return this.#hasReasoned ? this.#events.reasoning("\n\n") : [];
      case "response.function_call_arguments.delta":
        this.#callAt(event.output_index).arguments += event.delta;
        return [];
      case "response.function_call_arguments.done":
        this.#callAt(event.output_index).arguments = event.arguments;
        return [];
      case "response.output_item.added":
      case "response.output_item.done":
        this.#takeItem(event.output_index, event.item);
        return [];
      case "response.completed":
      case "response.incomplete":
        this.#end = event.response;
        return [];
      case "response.failed":
        throw providerError(this.#name, { body: event.response.error });
      case "error":
        throw providerError(this.#name, { body: event });
    }
  }

  #takeItem(place: number, item: OutputItem): void {
    switch (item.type) {
      case "function_call": {
        const call = this.#callAt(place);
        call.id = item.call_id ?? call.id;
        call.name = item.name ?? call.name;
        call.arguments = item.arguments || call.arguments;
        break;
      }
      case "message":
        this.#messageAt(place).phase = item.phase ?? undefined;
        break;
      case "reasoning":
        this.#items.set(place, { type: "reasoning", raw: item });
    }
  }

  #messageAt(place: number): MessageItem {
    const found = this.#items.get(place);
    if (found?.type === "message") return found;
    const item: MessageItem = { type: "message", length: 0, phase: undefined };
    this.#items.set(place, item);
    return item;
  }

  #callAt(place: number): CallItem {
    const found = this.#items.get(place);
    if (found?.type === "function_call") return found;
    const item: CallItem = { type: "function_call", id: "", name: "", arguments: "" };
    this.#items.set(place, item);
    return item;
  }

  #callsAmong(items: readonly Item[]): Map<Item, ToolCallEvent> {
    const calls = items.filter((item) => item.type === "function_call");
    return new Map(calls.map((item) => [item, this.#events.call(item)]));
  }

  #stopReason({ status, incomplete_details }: ResponseEnd, hasCalls: boolean): StopReason {
    if (incomplete_details?.reason === "content_filter" || this.#refused) return "refused";
    if (status === "incomplete" || incomplete_details) return "max_tokens";
    return hasCalls ? "tool_calls" : "done";
  }
}

type MessageItem = { readonly type: "message"; length: number; phase: Phase | undefined };
type CallItem = { readonly type: "function_call"; id: string; name: string; arguments: string };
type Item = MessageItem | CallItem | { readonly type: "reasoning"; readonly raw: unknown };

/** Only what the message itself does not tell. */
function carryOf(
  items: readonly Item[],
  calls: ReadonlyMap<Item, ToolCallEvent>,
): ResponsesCarry | undefined {
  const carried = items.flatMap((item): CarriedItem[] => {
    switch (item.type) {
      case "reasoning":
        return [readReasoningItem(item.raw)].filter((sealed) => sealed !== undefined);
      case "message": {
        const { type, length, phase } = item;
        return [{ type, length, ...(phase !== undefined && { phase }) }];
      }
      case "function_call":
        return [{ type: "function_call", call_id: calls.get(item)?.id ?? "" }];
    }
  });
  const says = (item: CarriedItem) =>
    item.type === "reasoning" || (item.type === "message" && item.phase !== undefined);
  return carried.some(says) ? { items: carried } : undefined;
}

function toUsage(usage: ResponseUsage): ModelUsage {
  return usageOf({
    prompt: usage.input_tokens,
    completion: usage.output_tokens,
    total: usage.total_tokens,
    cachedPrompt: usage.input_tokens_details?.cached_tokens,
    cacheWrite: usage.input_tokens_details?.cache_write_tokens,
    reasoning: usage.output_tokens_details?.reasoning_tokens,
  });
}
