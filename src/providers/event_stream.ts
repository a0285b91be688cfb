// One streamed request to a model's server: server-sent events with JSON in them, in all protocols
// alike. OpenAI's SDK reads the stream; its client is left out, since loading it took 15 ms of every
// start (decision 0008). Failures and bounds are checked_fetch.ts's; what the stream says is the
// caller's.
import { APIError, OpenAIError } from "openai/core/error";
import { Stream } from "openai/core/streaming";
import { WorkerError } from "../core/errors.ts";
import type { ModelServer } from "./model_server.ts";
import { ProviderError } from "./provider.ts";
import { providerError } from "./server_error.ts";

export type StreamCall = {
  readonly path: string;
  /** Besides those that tell what is sent and wanted. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: unknown;
};

/** The events of the answer, parsed and not checked. Closes the connection however it stops. */
export async function* streamEvents(
  { name, baseUrl, fetch }: ModelServer,
  { path, headers, body }: StreamCall,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  signal.throwIfAborted();
  const hangUp = new AbortController();
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, hangUp.signal]),
    });
    for await (const event of Stream.fromSSEResponse<unknown>(response, hangUp)) {
      signal.throwIfAborted();
      yield event;
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
