// What the chunks of one Gemini answer say, joined to events. Knows nothing of transport.
import * as z from "zod";
import type { CarriedPart, GeminiCarry } from "./gemini_carry.ts";
import {
  type ModelEvent,
  type ModelUsage,
  ProviderError,
  type StopReason,
  type ToolCallEvent,
} from "./provider.ts";
import { WholeCharacters } from "./whole_characters.ts";

export type AnswerOptions = {
  /** How messages name the provider. */
  readonly name: string;
  /** For calls that come without an id, or with that of another call. */
  readonly newCallId: () => string;
};

/** Feed `read` each chunk in order, then call `end` once. */
export class GeminiAnswer {
  readonly #name: string;
  readonly #newCallId: () => string;
  readonly #text = new WholeCharacters();
  readonly #thoughts = new WholeCharacters();
  readonly #calls = new Map<string, ToolCallEvent>();
  /** Every part but unsigned thoughts, which need not come back. */
  readonly #parts: CarriedPart[] = [];
  #finish: string | undefined;
  #isBlocked = false;
  #usage: ModelUsage | undefined;

  constructor({ name, newCallId }: AnswerOptions) {
    this.#name = name;
    this.#newCallId = newCallId;
  }

  /** Nothing that counts can still come. */
  get isWhole(): boolean {
    return this.#finish !== undefined || this.#isBlocked;
  }

  /** The text and reasoning this chunk adds. Throws ProviderError when it is no chunk. */
  read(raw: unknown): ModelEvent[] {
    const chunk = z.safeParse(chunkSchema, raw);
    if (!chunk.success) throw this.#broken("the stream holds something that is no chunk");
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
    if (!this.isWhole) throw this.#broken("the stream ended without a finish reason");
    const finish = this.#finish ?? "SAFETY";
    if (FAILED.has(finish)) throw this.#broken(`the model ended its answer with ${finish}`);
    const carry = this.#carry();
    return [
      ...delta("reasoning", this.#thoughts.rest()),
      ...this.#addText(this.#text.rest()),
      ...this.#calls.values(),
      {
        type: "end",
        stop: stopReason(finish, { hasCalls: this.#calls.size > 0 }),
        ...(this.#usage && { usage: this.#usage }),
        ...(carry && { carry }),
      },
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
    if (!thought) return this.#addText(this.#text.add(text ?? ""), signed);
    if (thoughtSignature) this.#parts.push({ type: "thought", text: text ?? "", ...signed });
    return delta("reasoning", this.#thoughts.add(text ?? ""));
  }

  #addText(text: string, signed: { readonly signature?: string } = {}): ModelEvent[] {
    const { length } = text;
    const last = this.#parts.at(-1);
    if (last?.type === "text" && !last.signature && !signed.signature) last.length += length;
    else if (length > 0 || signed.signature) this.#parts.push({ type: "text", length, ...signed });
    return delta("text", text);
  }

  #addCall({ id, name, args }: FunctionCall): void {
    const own = id && !this.#calls.has(id) ? id : this.#newCallId();
    // The API has only objects; a text is what the model wrote in the place of one.
    const text = typeof args === "string" ? args : JSON.stringify(args ?? {});
    this.#calls.set(own, {
      type: "tool_call",
      id: own,
      name: (name ?? "").toWellFormed(),
      arguments: text.toWellFormed(),
    });
  }

  #carry(): GeminiCarry | undefined {
    return this.#parts.some((part) => part.signature) ? { parts: this.#parts } : undefined;
  }

  #broken(why: string): ProviderError {
    return new ProviderError(`${this.#name}: ${why}`, { failure: "protocol" });
  }
}

function delta(type: "text" | "reasoning", text: string): ModelEvent[] {
  return text === "" ? [] : [{ type, delta: text }];
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

const maybeText = z.nullish(z.string());
const extraText = z.catch(maybeText, undefined);
const extraCount = z.catch(z.nullish(z.int().check(z.nonnegative())), undefined);

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
  const promptTokens = (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0);
  const completionTokens = (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0);
  const [cached, thought] = [usage.cachedContentTokenCount, usage.thoughtsTokenCount];
  return {
    promptTokens,
    completionTokens,
    totalTokens: usage.totalTokenCount ?? promptTokens + completionTokens,
    ...(cached != null && { cachedPromptTokens: cached }),
    ...(thought != null && { reasoningTokens: thought }),
  };
}
