// What the chunks of one Gemini answer say, joined to events. Knows nothing of transport.
import * as z from "zod";
import type { Answer } from "./answer.ts";
import { AnswerEvents, type AnswerOptions, type DeltaEvent } from "./answer_events.ts";
import type { CarriedPart, GeminiCarry } from "./gemini_carry.ts";
import type { ModelEvent, ModelUsage, StopReason, ToolCallEvent } from "./provider.ts";
import { extraCount, extraText, maybeText } from "./server_field.ts";
import { usageOf } from "./token_counts.ts";

/** Feed `read` each chunk in order, then call `end` once. */
export class GeminiAnswer implements Answer {
  readonly #events: AnswerEvents;
  readonly #calls: ToolCallEvent[] = [];
  /** Every part but unsigned thoughts, which need not come back. */
  readonly #parts: CarriedPart[] = [];
  #finish: string | undefined;
  #isBlocked = false;
  #usage: ModelUsage | undefined;

  constructor(options: AnswerOptions) {
    this.#events = new AnswerEvents(options);
  }

  /** Nothing that counts can still come. */
  get isWhole(): boolean {
    return this.#finish !== undefined || this.#isBlocked;
  }

  /** The text and reasoning this chunk adds. Throws ProviderError when it is no chunk. */
  read(raw: unknown): ModelEvent[] {
    const chunk = z.safeParse(chunkSchema, raw);
    if (!chunk.success) throw this.#events.broken("the stream holds something that is no chunk");
    const { candidates, promptFeedback, usageMetadata } = chunk.data;
    if (usageMetadata) this.#usage = toUsage(usageMetadata);
    if (promptFeedback?.blockReason) this.#isBlocked = true;
    const [candidate] = candidates ?? [];
    const events = (candidate?.content?.parts ?? []).flatMap((part) => this.#readPart(part));
    const finish = candidate?.finishReason;
    if (finish && finish !== "FINISH_REASON_UNSPECIFIED") this.#finish = finish;
    return events;
  }

  /** The calls and the end. Throws ProviderError when the answer broke off or went wrong. */
  end(): ModelEvent[] {
    if (!this.isWhole) throw this.#events.broken("the stream ended without a finish reason");
    const finish = this.#finish ?? "SAFETY";
    if (FAILED.has(finish)) throw this.#events.broken(`the model ended its answer with ${finish}`);
    const stop = stopReason(finish, { hasCalls: this.#calls.length > 0 });
    return [
      ...this.#placed(this.#events.rest()),
      ...this.#calls,
      this.#events.end({ stop, usage: this.#usage, carry: this.#carry() }),
    ];
  }

  #readPart(part: AnswerPart): ModelEvent[] {
    const { text, thought, functionCall, thoughtSignature } = part;
    const signed = thoughtSignature ? { signature: thoughtSignature } : {};
    if (functionCall) {
      this.#addCall(functionCall);
      this.#parts.push({ type: "call", ...signed });
      return [];
    }
    if (!thought) return this.#placed(this.#events.text(text ?? ""), signed);
    if (thoughtSignature) this.#parts.push({ type: "thought", text: text ?? "", ...signed });
    return this.#events.reasoning(text ?? "");
  }

  /** The same, once the text among it has its place among the parts. */
  #placed(said: DeltaEvent[], signed: { readonly signature?: string } = {}): DeltaEvent[] {
    const length = said.reduce(
      (sum, { type, delta }) => type === "text" ? sum + delta.length : sum,
      0,
    );
    const last = this.#parts.at(-1);
    if (last?.type === "text" && !last.signature && !signed.signature) last.length += length;
    else if (length > 0 || signed.signature) this.#parts.push({ type: "text", length, ...signed });
    return said;
  }

  #addCall({ id, name, args }: FunctionCall): void {
    // The API has only objects; a text is what the model wrote in the place of one.
    const text = typeof args === "string" ? args : JSON.stringify(args ?? {});
    this.#calls.push(this.#events.call({ id: id ?? "", name: name ?? "", arguments: text }));
  }

  #carry(): GeminiCarry | undefined {
    return this.#parts.some((part) => part.signature) ? { parts: this.#parts } : undefined;
  }
}

/** The model could not say what it wanted to: another try may go better. */
const FAILED: ReadonlySet<string> = new Set([
  "MALFORMED_FUNCTION_CALL",
  "MALFORMED_RESPONSE",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "OTHER",
]);

const REFUSED: ReadonlySet<string> = new Set([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
]);

/** Calls end with `STOP` too. */
function stopReason(finish: string, { hasCalls }: { readonly hasCalls: boolean }): StopReason {
  if (finish === "MAX_TOKENS") return "max_tokens";
  if (REFUSED.has(finish)) return "refused";
  return hasCalls ? "tool_calls" : "done";
}

const functionCallSchema = z.object({
  id: extraText,
  name: maybeText,
  args: z.optional(z.unknown()),
});
type FunctionCall = z.output<typeof functionCallSchema>;

const partSchema = z.object({
  text: maybeText,
  thought: z.nullish(z.boolean()),
  thoughtSignature: maybeText,
  functionCall: z.nullish(functionCallSchema),
});
type AnswerPart = z.output<typeof partSchema>;

const usageSchema = z.object({
  promptTokenCount: extraCount,
  cachedContentTokenCount: extraCount,
  toolUsePromptTokenCount: extraCount,
  candidatesTokenCount: extraCount,
  thoughtsTokenCount: extraCount,
  totalTokenCount: extraCount,
});

const chunkSchema = z.object({
  candidates: z.nullish(z.array(z.object({
    content: z.nullish(z.object({ parts: z.nullish(z.array(partSchema)) })),
    finishReason: maybeText,
  }))),
  promptFeedback: z.nullish(z.object({ blockReason: maybeText })),
  usageMetadata: z.catch(z.nullish(usageSchema), undefined),
});

/** What was cached is part of the prompt's count, what was thought is not of the candidates'. */
function toUsage(usage: z.output<typeof usageSchema>): ModelUsage {
  return usageOf({
    prompt: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
    completion: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    total: usage.totalTokenCount,
    cachedPrompt: usage.cachedContentTokenCount,
    reasoning: usage.thoughtsTokenCount,
  });
}
