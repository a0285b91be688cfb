// What the events of one message of Anthropic's API say, joined to events of ours. Knows nothing of
// transport.
import type { Answer } from "./answer.ts";
import { AnswerEvents, type AnswerOptions } from "./answer_events.ts";
import type { AnthropicCarry, CarriedBlock } from "./anthropic_carry.ts";
import {
  type ApiEvent,
  type BlockPart,
  readEvent,
  toUsage,
  type Usage,
} from "./anthropic_events.ts";
import type { ModelEvent, StopReason, ToolCallEvent } from "./provider.ts";

/** Feed `read` each event's data in order, then call `end` once. */
export class AnthropicAnswer implements Answer {
  readonly #events: AnswerEvents;
  readonly #blocks: Block[] = [];
  /** A block of a kind that is not ours to read stands as undefined. */
  readonly #blockAt = new Map<number, Block | undefined>();
  #finish: string | undefined;
  #usage: Usage = {};

  constructor(options: AnswerOptions) {
    this.#events = new AnswerEvents(options);
  }

  /** Only the end of the stream can still come. */
  get isWhole(): boolean {
    return this.#finish !== undefined;
  }

  /** The text and reasoning this event adds. Throws ProviderError when it is none of the API's. */
  read(raw: unknown): ModelEvent[] {
    const event = readEvent(raw);
    if (!event) throw this.#events.broken("the stream holds something that is no event");
    return this.#readEvent(event);
  }

  /** The calls and the end. Throws ProviderError when the answer broke off. */
  end(): ModelEvent[] {
    if (this.#finish === undefined) {
      throw this.#events.broken("the stream ended without a stop reason");
    }
    const calls = this.#wholeCalls();
    const usage = toUsage(this.#usage);
    const carry = toCarry(this.#blocks);
    return [
      ...this.#events.rest(),
      ...calls,
      this.#events.end({ stop: stopReason(this.#finish, calls.length > 0), usage, carry }),
    ];
  }

  #readEvent(event: ApiEvent): ModelEvent[] {
    switch (event.type) {
      case "message_start":
        this.#count(event.message.usage);
        return [];
      case "content_block_start":
        return this.#startBlock(event.index, event.content_block);
      case "content_block_delta":
        if (!this.#blockAt.has(event.index)) {
          throw this.#events.broken("a part of a block came before it");
        }
        return this.#grow(this.#blockAt.get(event.index), event.delta);
      case "message_delta":
        this.#finish = event.delta?.stop_reason ?? this.#finish;
        this.#count(event.usage);
        return [];
      case "other":
        return [];
    }
  }

  /** Its counts are of the whole message so far: the last of each counts. */
  #count(usage: Usage | null | undefined): void {
    const told = Object.entries(usage ?? {}).filter(([, value]) => value != null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
  }

  /** What a block holds from its start is like a first delta. */
  #startBlock(index: number, start: BlockPart): ModelEvent[] {
    const block = newBlock(start);
    this.#blockAt.set(index, block);
    if (!block) return [];
    this.#blocks.push(block);
    return this.#grow(block, start);
  }

  #grow(block: Block | undefined, part: BlockPart): ModelEvent[] {
    if (block?.type === "text") {
      block.length += part.text?.length ?? 0;
      return this.#events.text(part.text ?? "");
    }
    if (block?.type === "thinking") {
      block.thinking += part.thinking ?? "";
      block.signature = part.signature || block.signature;
      return this.#events.reasoning(part.thinking ?? "");
    }
    if (block?.type === "tool_use") block.json += part.partial_json ?? "";
    return [];
  }

  #wholeCalls(): ToolCallEvent[] {
    return this.#blocks.filter((block) => block.type === "tool_use").map((block) => {
      // Some servers send the whole input with the start of its block.
      const text = block.json || JSON.stringify(block.input ?? {});
      const call = this.#events.call({ id: block.id, name: block.name, arguments: text });
      block.id = call.id;
      return call;
    });
  }
}

type Block =
  | { readonly type: "text"; length: number }
  | { readonly type: "thinking"; thinking: string; signature: string }
  | { readonly type: "redacted_thinking"; readonly data: string }
  | {
    readonly type: "tool_use";
    id: string;
    readonly name: string;
    readonly input: unknown;
    json: string;
  };

function newBlock({ type, id, name, data, input }: BlockPart): Block | undefined {
  if (type === "text") return { type, length: 0 };
  if (type === "thinking") return { type, thinking: "", signature: "" };
  if (type === "redacted_thinking") return { type, data: data ?? "" };
  if (type === "tool_use") return { type, id: id ?? "", name: name ?? "", input, json: "" };
  return undefined;
}

/** wire: StopReason; a paused turn or a full context leaves an answer as unfinished as a limit. */
function stopReason(finish: string, hasCalls: boolean): StopReason {
  if (UNFINISHED.has(finish)) return "max_tokens";
  if (finish === "refusal") return "refused";
  return hasCalls ? "tool_calls" : "done";
}

const UNFINISHED: ReadonlySet<string> = new Set([
  "max_tokens",
  "model_context_window_exceeded",
  "pause_turn",
]);

/** Nothing for an answer without thinking, or with none that is signed: the API refuses that. */
function toCarry(all: readonly Block[]): AnthropicCarry | undefined {
  const blocks = all.flatMap(carriedBlock);
  const thought = blocks.some(({ type }) => type === "thinking" || type === "redacted_thinking");
  return thought ? { blocks } : undefined;
}

function carriedBlock(block: Block): CarriedBlock[] {
  switch (block.type) {
    case "thinking":
      return block.signature === "" ? [] : [block];
    case "redacted_thinking":
      return [block];
    case "text":
      return block.length === 0 ? [] : [block];
    case "tool_use":
      return [{ type: "tool_use", id: block.id }];
  }
}
