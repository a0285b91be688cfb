// What the events of one response say, joined to events of ours. Knows nothing of transport.
import {
  type ModelEvent,
  type ModelUsage,
  ProviderError,
  type StopReason,
  type ToolCallEvent,
} from "./provider.ts";
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
import { WholeCharacters } from "./whole_characters.ts";

export type AnswerOptions = {
  /** How messages name the provider. */
  readonly name: string;
  /** For calls that come without an id, or with that of another call. */
  readonly newCallId: () => string;
};

/** Feed `read` each event in order, then call `end` once. */
export class ResponsesAnswer {
  readonly #name: string;
  readonly #newCallId: () => string;
  readonly #text = new WholeCharacters();
  readonly #reasoning = new WholeCharacters();
  /** By place in the output. */
  readonly #items = new Map<number, Item>();
  #refused = false;
  #hasReasoned = false;
  #end: ResponseEnd | undefined;

  constructor({ name, newCallId }: AnswerOptions) {
    this.#name = name;
    this.#newCallId = newCallId;
  }

  /** Nothing that counts can still come. */
  get isWhole(): boolean {
    return this.#end !== undefined;
  }

  /** The text and reasoning this event adds. Throws ProviderError when it tells of a failure. */
  read(raw: unknown): ModelEvent[] {
    const event = readResponseEvent(raw);
    if (event === "broken") throw this.#broken("the stream holds something that is no event");
    return event ? this.#take(event) : [];
  }

  /** The calls and the end. Throws ProviderError when the answer broke off. */
  end(): ModelEvent[] {
    if (this.#end === undefined) throw this.#broken("the stream ended before the response did");
    const items = [...this.#items].toSorted(([a], [b]) => a - b).map(([, item]) => item);
    const calls = this.#callsAmong(items);
    const carry = carryOf(items, calls);
    return [
      ...delta("reasoning", this.#reasoning.rest()),
      ...delta("text", this.#text.rest()),
      ...calls.values(),
      {
        type: "end",
        stop: this.#stopReason(this.#end, calls.size > 0),
        ...(this.#end.usage && { usage: usageOf(this.#end.usage) }),
        ...(carry && { carry }),
      },
    ];
  }

  #take(event: ResponseEvent): ModelEvent[] {
    switch (event.type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        if (event.type === "response.refusal.delta") this.#refused = true;
        this.#messageAt(event.output_index).length += event.delta.length;
        return delta("text", this.#text.add(event.delta));
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        this.#hasReasoned = true;
        return delta("reasoning", this.#reasoning.add(event.delta));
      case "response.reasoning_summary_part.added":
        // Parts are paragraphs.
        return delta("reasoning", this.#hasReasoned ? this.#reasoning.add("\n\n") : "");
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
    const taken = new Set<string>();
    const calls = new Map<Item, ToolCallEvent>();
    for (const item of items) {
      if (item.type !== "function_call") continue;
      const id = item.id === "" || taken.has(item.id) ? this.#newCallId() : item.id;
      taken.add(id);
      const [name, text] = [item.name.toWellFormed(), item.arguments.toWellFormed()];
      calls.set(item, { type: "tool_call", id, name, arguments: text });
    }
    return calls;
  }

  #stopReason({ status, incomplete_details }: ResponseEnd, hasCalls: boolean): StopReason {
    if (incomplete_details?.reason === "content_filter" || this.#refused) return "refused";
    if (status === "incomplete" || incomplete_details) return "max_tokens";
    return hasCalls ? "tool_calls" : "done";
  }

  #broken(why: string): ProviderError {
    return new ProviderError(`${this.#name}: ${why}`, { failure: "protocol" });
  }
}

type MessageItem = { readonly type: "message"; length: number; phase: Phase | undefined };
type CallItem = { readonly type: "function_call"; id: string; name: string; arguments: string };
type Item = MessageItem | CallItem | { readonly type: "reasoning"; readonly raw: unknown };

function delta(type: "text" | "reasoning", text: string): ModelEvent[] {
  return text === "" ? [] : [{ type, delta: text }];
}

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

function usageOf(usage: ResponseUsage): ModelUsage {
  const { input_tokens, output_tokens } = usage;
  const { cached_tokens, cache_write_tokens } = usage.input_tokens_details ?? {};
  const reasoning = usage.output_tokens_details?.reasoning_tokens;
  return {
    promptTokens: input_tokens,
    completionTokens: output_tokens,
    totalTokens: usage.total_tokens ?? input_tokens + output_tokens,
    ...(cached_tokens != null && { cachedPromptTokens: cached_tokens }),
    ...(cache_write_tokens != null && { cacheWriteTokens: cache_write_tokens }),
    ...(reasoning != null && { reasoningTokens: reasoning }),
  };
}
