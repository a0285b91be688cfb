// The provider for OpenAI's chat completions and the many servers that speak them. The SDK reads the
// stream; its client is left out, since loading it took 15 ms of every start (decision 0008).
// Failures and bounds are checked_fetch.ts's.
import { APIError, OpenAIError } from "openai/core/error";
import { Stream } from "openai/core/streaming";
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { checkedFetch } from "./checked_fetch.ts";
import { OpenAiAnswer } from "./openai_answer.ts";
import { chatRequest } from "./openai_request.ts";
import { type Fetch, type ModelRequest, type Provider, ProviderError } from "./provider.ts";
import { oneLine, providerError } from "./server_error.ts";

export type OpenAiOptions = {
  /** How messages name the provider. */
  readonly name: string;
  /** Where `/chat/completions` is appended. */
  readonly baseUrl: string;
  /** Adds the key: none is known here. */
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, "now">;
  /** For calls that a server left without an id. */
  readonly newCallId?: (() => string) | undefined;
};

export function openAiProvider(options: OpenAiOptions): Provider {
  const { clock, newCallId = randomCallId } = options;
  const name = oneLine(options.name);
  const server: Server = {
    name,
    url: `${options.baseUrl}/chat/completions`,
    fetch: checkedFetch(options.fetch, { name, clock }),
  };
  return {
    name,
    async *stream(request, signal) {
      const answer = new OpenAiAnswer({ name, newCallId });
      try {
        for await (const chunk of chunks(server, request, signal)) yield* answer.read(chunk);
      } catch (thrown) {
        if (!answer.isWhole || !isLostConnection(thrown)) throw thrown;
      }
      yield* answer.end();
    },
  };
}

type Server = { readonly name: string; readonly url: string; readonly fetch: Fetch };

function randomCallId(): string {
  return `call_${crypto.randomUUID()}`;
}

async function* chunks(
  { name, url, fetch }: Server,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  signal.throwIfAborted();
  const hangUp = new AbortController();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify(chatRequest(request)),
      signal: AbortSignal.any([signal, hangUp.signal]),
    });
    for await (const chunk of Stream.fromSSEResponse<unknown>(response, hangUp)) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw asProviderError(thrown, name);
  } finally {
    hangUp.abort();
  }
  // The SDK ends an aborted stream as if it were whole.
  signal.throwIfAborted();
}

/** The SDK wraps what our `fetch` threw, but not what our body threw. */
function asProviderError(thrown: unknown, name: string): unknown {
  if (isOurs(thrown)) return thrown;
  if (thrown instanceof Error && isOurs(thrown.cause)) return thrown.cause;
  if (thrown instanceof APIError && thrown.error) {
    return providerError(name, { body: thrown.error });
  }
  if (thrown instanceof APIError) {
    const message = `${name}: no answer in time`;
    return new ProviderError(message, { failure: "network", cause: thrown });
  }
  if (thrown instanceof SyntaxError || thrown instanceof OpenAIError) {
    const message = `${name}: the stream holds something that is no chunk`;
    return new ProviderError(message, { failure: "protocol", cause: thrown });
  }
  return thrown;
}

function isOurs(thrown: unknown): thrown is ProviderError | WorkerError {
  return thrown instanceof ProviderError || thrown instanceof WorkerError;
}

function isLostConnection(thrown: unknown): boolean {
  return thrown instanceof ProviderError && thrown.failure === "network";
}
