// What the chunks of one chat completion say, joined to events. Knows nothing of transport.
import * as z from "zod";
import type { Answer } from "./answer.ts";
import { AnswerEvents, type AnswerOptions } from "./answer_events.ts";
import type { ModelEvent, ModelUsage, StopReason, ToolCallEvent } from "./provider.ts";
import { count, extraCount, extraText, maybeText } from "./server_field.ts";
import { usageOf } from "./token_counts.ts";

/** Feed `read` each chunk in order, then call `end` once. */
export class ChatAnswer implements Answer {
  readonly #events: AnswerEvents;
  readonly #calls: PartialCall[] = [];
  readonly #callAt = new Map<number, PartialCall>();
  #finish: string | undefined;
  #refused = false;
  #usage: ModelUsage | undefined;

  constructor(options: AnswerOptions) {
    this.#events = new AnswerEvents(options);
  }

  /** Only the usage and the end of the stream can still come. */
  get isWhole(): boolean {
    return this.#finish !== undefined;
  }

  /** The text and reasoning this chunk adds. Throws ProviderError when it is no chunk. */
  read(raw: unknown): ModelEvent[] {
    const chunk = z.safeParse(chunkSchema, raw);
    if (!chunk.success) throw this.#events.broken("the stream holds something that is no chunk");
    const { choices, usage } = chunk.data;
    if (usage) this.#usage = toUsage(usage);
    const [choice] = choices ?? [];
    if (!choice) return [];
    this.#finish = choice.finish_reason ?? this.#finish;
    return choice.delta ? this.#readDelta(choice.delta) : [];
  }

  /** The calls and the end. Throws ProviderError when the answer broke off. */
  end(): ModelEvent[] {
    if (this.#finish === undefined) {
      throw this.#events.broken("the stream ended without a finish reason");
    }
    const calls = this.#wholeCalls();
    const stop = stopReason(this.#finish, { refused: this.#refused, hasCalls: calls.length > 0 });
    return [
      ...this.#events.rest(),
      ...calls,
      this.#events.end({ stop, usage: this.#usage }),
    ];
  }

  #readDelta(said: Delta): ModelEvent[] {
    for (const part of said.tool_calls ?? []) this.#readPart(part);
    if (said.refusal) this.#refused = true;
    const reasoning = said.reasoning_content ?? said.reasoning ?? "";
    return [
      ...this.#events.reasoning(reasoning),
      ...this.#events.text((said.content ?? "") + (said.refusal ?? "")),
    ];
  }

  #readPart(part: CallPart): void {
    const call = this.#callOf(part);
    call.id ||= part.id ?? "";
    call.name ||= part.function?.name ?? "";
    call.arguments += part.function?.arguments ?? "";
  }

  /** Some servers give every call index 0, or none; there a new id begins a new call. */
  #callOf({ index, id }: CallPart): PartialCall {
    const last = this.#calls.at(-1);
    const place = index ?? last?.index ?? 0;
    const found = this.#callAt.get(place);
    if (found && (!id || !found.id || found.id === id)) return found;
    const call = { index: place, id: "", name: "", arguments: "" };
    this.#calls.push(call);
    this.#callAt.set(place, call);
    return call;
  }

  #wholeCalls(): ToolCallEvent[] {
    const inOrder = this.#calls.toSorted((a, b) => a.index - b.index);
    return inOrder.map((call) => this.#events.call(call));
  }
}

type PartialCall = { readonly index: number; id: string; name: string; arguments: string };

function stopReason(
  finish: string,
  { refused, hasCalls }: { refused: boolean; hasCalls: boolean },
): StopReason {
  if (finish === "length") return "max_tokens";
  if (finish === "content_filter" || refused) return "refused";
  // Several servers say `stop` after calls.
  return hasCalls ? "tool_calls" : "done";
}

const callPartSchema = z.object({
  index: z.nullish(count),
  id: maybeText,
  function: z.nullish(z.object({ name: maybeText, arguments: maybeText })),
});
type CallPart = z.output<typeof callPartSchema>;

const deltaSchema = z.object({
  content: maybeText,
  refusal: extraText,
  reasoning_content: extraText,
  reasoning: extraText,
  tool_calls: z.nullish(z.array(callPartSchema)),
});
type Delta = z.output<typeof deltaSchema>;

const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: extraCount,
  prompt_tokens_details: z.catch(
    z.nullish(z.object({ cached_tokens: extraCount, cache_write_tokens: extraCount })),
    undefined,
  ),
  completion_tokens_details: z.catch(
    z.nullish(z.object({ reasoning_tokens: extraCount })),
    undefined,
  ),
});

const chunkSchema = z.object({
  choices: z.nullish(z.array(z.object({
    delta: z.nullish(deltaSchema),
    finish_reason: maybeText,
  }))),
  usage: z.catch(z.nullish(usageSchema), undefined),
});

function toUsage(usage: z.output<typeof usageSchema>): ModelUsage {
  return usageOf({
    prompt: usage.prompt_tokens,
    completion: usage.completion_tokens,
    total: usage.total_tokens,
    cachedPrompt: usage.prompt_tokens_details?.cached_tokens,
    cacheWrite: usage.prompt_tokens_details?.cache_write_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens,
  });
}
