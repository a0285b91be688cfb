// The contract of a model API. Members: create.ts. Suite: tests/providers/contract.ts.
import type { Message } from "../core/message.ts";
import type { ToolSchema } from "../core/tool_schema.ts";

/**
 * One model API. `stream` yields what the model says as it says it and ends with exactly one
 * `end`; it fails by throwing `ProviderError`, passes on a `WorkerError` of the `fetch` it was
 * given, and stops with the abort reason when `signal` aborts. However it stops, and also when its
 * reader stops, its connection is closed. It never retries: that is the loop's to decide.
 */
export interface Provider {
  readonly name: string;
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

export type ModelRequest = {
  readonly model: string;
  /** System message first, then the conversation, in the order the model sees it. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSchema[];
  readonly maxOutputTokens: number;
  /** `low`, `medium`, `high`, `xhigh`, `max`; an unknown text counts as none. */
  readonly reasoningEffort?: string | undefined;
};

/** Text and arguments are well-formed: no half of a surrogate pair is ever passed on. */
export type ModelEvent =
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "reasoning"; readonly delta: string }
  | ToolCallEvent
  | {
    readonly type: "end";
    readonly stop: StopReason;
    readonly usage?: ModelUsage | undefined;
    /** JSON that the provider wants to see again with this answer: signed or sealed reasoning. */
    readonly carry?: unknown;
  };

/**
 * A whole call; ids differ within an answer. `arguments` is the text the model wrote, which need
 * not be JSON and, where the answer stops with `max_tokens`, may be cut off.
 */
export type ToolCallEvent = {
  readonly type: "tool_call";
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
};

export type StopReason = "done" | "tool_calls" | "max_tokens" | "refused";

/** Tokens as the provider counted them. */
export type ModelUsage = {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
  /** Part of `promptTokens`: read from the provider's cache. */
  readonly cachedPromptTokens?: number | undefined;
  /** Part of `promptTokens`: written to the provider's cache. */
  readonly cacheWriteTokens?: number | undefined;
  /** Part of `completionTokens`. */
  readonly reasoningTokens?: number | undefined;
};

/** Why a model call failed; decided by status and code, never by text. */
export type ProviderFailure =
  | "auth"
  | "rate_limit"
  | "overloaded"
  | "context_overflow"
  | "invalid_request"
  | "network"
  | "protocol";

export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly failure: ProviderFailure;
  readonly status: number | undefined;
  /** How long the server asks to wait before the next try. */
  readonly retryAfterMs: number | undefined;
  /** The field of the request that the server refuses, where it names one. */
  readonly param: string | undefined;
  /** `message` is one line that names the provider and, where there is one, the HTTP status. */
  constructor(
    message: string,
    options: {
      failure: ProviderFailure;
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      param?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.failure = options.failure;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.param = options.param;
  }
}

/** What SDKs take as their `fetch` option. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
