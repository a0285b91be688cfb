// How many tokens messages take: estimated from their length, corrected by what models count.
import type { Message } from "../core/message.ts";
import type { ToolSchema } from "../core/tool_schema.ts";

const CHARACTERS_PER_TOKEN = 4;
/** Roles and separators. */
const TOKENS_PER_MESSAGE = 4;
/** Of an image, whatever its size: providers scale large ones down. */
const TOKENS_PER_IMAGE = 1_600;
/** No model counts texts in another way than within these bounds. */
const LEAST_FACTOR = 0.5;
const MOST_FACTOR = 4;

/** Of a text of which nobody has counted the tokens. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** One for a run: what it has learnt holds for its model and its kind of text. */
export class TokenGauge {
  readonly #toolTokens: number;
  #factor = 1;

  constructor(tools: readonly ToolSchema[]) {
    this.#toolTokens = tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools));
  }

  /** Of what is sent with every request beside the messages. */
  get toolTokens(): number {
    return this.#scaled(this.#toolTokens);
  }

  tokensOf(messages: readonly Message[]): number {
    return this.#scaled(rawTokens(messages));
  }

  /** To be told what a model counted for exactly these messages. */
  learn(messages: readonly Message[], counted: number): void {
    const raw = rawTokens(messages) + this.#toolTokens;
    if (raw === 0 || counted <= 0) return;
    this.#factor = Math.min(MOST_FACTOR, Math.max(LEAST_FACTOR, counted / raw));
  }

  #scaled(raw: number): number {
    return Math.ceil(raw * this.#factor);
  }
}

function rawTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + messageTokens(message), 0);
}

function messageTokens({ content, content_parts = [], tool_calls = [] }: Message): number {
  const images = content_parts.filter(({ type }) => type === "image_url").length;
  return tool_calls.reduce(
    (sum, call) => sum + estimateTokens(call.function.name + call.function.arguments),
    TOKENS_PER_MESSAGE + estimateTokens(content) + images * TOKENS_PER_IMAGE,
  );
}
