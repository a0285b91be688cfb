// The token counts in what a model API answers, whichever of the four protocols it speaks. Pure.
import type { TokenCounts } from "../core/prices.ts";
import { isObject } from "../core/schema.ts";

/** What is known of a call: `undefined` where the provider has not said it. */
export type Figures = {
  readonly prompt: number | undefined;
  /** All that was counted; undefined as long as any of it may still change. */
  readonly final: TokenCounts | undefined;
};

/** Fed with every event of an answer, parsed; or with the one object of an answer in one piece. */
export class UsageFigures {
  #fields: Fields = {};
  #read: (fields: Fields) => Partial<TokenCounts> = tokensFields;
  /** The provider says nothing more, though its stream may still be open. */
  #isOver = false;
  /** The model is done; another count may come. */
  #isEnding = false;

  get isOver(): boolean {
    return this.#isOver;
  }

  take(event: unknown): void {
    if (!isObject(event)) return;
    const { type, usage, usageMetadata, message, response } = event;
    if (isObject(usageMetadata)) {
      this.#merge(usageMetadata, geminiFields);
      const isBlocked = isObject(event["promptFeedback"]);
      this.#isEnding ||= isBlocked || hasReason(event["candidates"], "finishReason");
    } else if (type === "message_start" && isObject(message) && isObject(message["usage"])) {
      // Its count of the output is that of nothing.
      this.#merge({ ...message["usage"], output_tokens: null }, tokensFields);
    } else if (type === "message_stop") {
      this.#isOver = true;
    } else if (isObject(response) && isObject(response["usage"])) {
      this.#merge(response["usage"], tokensFields);
      this.#isOver = true;
    } else if (isObject(usage)) {
      this.#merge(usage, "prompt_tokens" in usage ? chatFields : tokensFields);
      this.#isEnding ||= isEmpty(event["choices"]) || hasReason(event["choices"], "finish_reason");
    }
  }

  /** Nothing more comes: the line `[DONE]`, or the end of an answer in one piece. */
  end(): void {
    this.#isOver = true;
  }

  get figures(): Figures {
    const { prompt, output, cached = 0, cacheWrite = 0 } = this.#read(this.#fields);
    const isFinal = this.#isOver || this.#isEnding;
    const final = isFinal && prompt !== undefined && output !== undefined
      ? { prompt, output, cached, cacheWrite }
      : undefined;
    return { prompt, final };
  }

  /** Later counts take the place of earlier ones, one by one. */
  #merge(usage: Fields, read: (fields: Fields) => Partial<TokenCounts>): void {
    const told = Object.entries(usage).filter(([, value]) => value !== null);
    this.#fields = { ...this.#fields, ...Object.fromEntries(told) };
    this.#read = read;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** OpenAI's chat completions. */
function chatFields(fields: Fields): Partial<TokenCounts> {
  const prompt = count(fields["prompt_tokens"]);
  const details = fields["prompt_tokens_details"];
  return {
    ...bounded(prompt, cacheIn(details)),
    ...outputOf(fields["completion_tokens"], { total: fields["total_tokens"], prompt }),
  };
}

/** OpenAI's responses, and Anthropic's messages, which count the cache's part on its own. */
function tokensFields(fields: Fields): Partial<TokenCounts> {
  const read = count(fields["cache_read_input_tokens"]) ?? 0;
  const written = count(fields["cache_creation_input_tokens"]) ?? 0;
  const input = count(fields["input_tokens"]);
  const prompt = input === undefined ? undefined : input + read + written;
  const details = cacheIn(fields["input_tokens_details"]);
  return {
    ...bounded(prompt, {
      cached: details.cached + read,
      cacheWrite: details.cacheWrite + written,
    }),
    ...outputOf(fields["output_tokens"], { total: fields["total_tokens"], prompt }),
  };
}

function geminiFields(fields: Fields): Partial<TokenCounts> {
  const ownPrompt = count(fields["promptTokenCount"]);
  const prompt = ownPrompt === undefined
    ? undefined
    : ownPrompt + (count(fields["toolUsePromptTokenCount"]) ?? 0);
  const said = (count(fields["candidatesTokenCount"]) ?? 0) +
    (count(fields["thoughtsTokenCount"]) ?? 0);
  return {
    ...bounded(prompt, { cached: count(fields["cachedContentTokenCount"]) ?? 0, cacheWrite: 0 }),
    ...outputOf(said, { total: fields["totalTokenCount"], prompt }),
  };
}

function cacheIn(details: unknown): Pick<TokenCounts, "cached" | "cacheWrite"> {
  if (!isObject(details)) return { cached: 0, cacheWrite: 0 };
  return {
    cached: count(details["cached_tokens"]) ?? 0,
    cacheWrite: count(details["cache_write_tokens"]) ?? 0,
  };
}

/** The cache's parts can never be more than the whole. */
function bounded(
  prompt: number | undefined,
  { cached, cacheWrite }: Pick<TokenCounts, "cached" | "cacheWrite">,
): Partial<TokenCounts> {
  if (prompt === undefined) return {};
  const written = Math.min(cacheWrite, prompt);
  return { prompt, cacheWrite: written, cached: Math.min(cached, prompt - written) };
}

/** Some servers count a model's thoughts in the total alone. */
function outputOf(
  said: unknown,
  { total, prompt }: { readonly total: unknown; readonly prompt: number | undefined },
): Partial<TokenCounts> {
  const output = count(said);
  if (output === undefined) return {};
  return { output: Math.max(output, (count(total) ?? 0) - (prompt ?? 0)) };
}

/** Whether the first answer says why it ended. */
function hasReason(answers: unknown, name: string): boolean {
  const first: unknown = Array.isArray(answers) ? answers[0] : undefined;
  return isObject(first) && typeof first[name] === "string";
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
