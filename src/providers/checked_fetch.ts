// A `fetch` for SDKs of model APIs that tells every failure of transport and server as a
// ProviderError and bounds what a server can make us hold. What the stream says is the caller's.
import type { Clock } from "../base/clock.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { type Fetch, ProviderError } from "./provider.ts";
import { oneLine, providerError, retryAfterMs } from "./server_error.ts";

export type CheckedFetchOptions = {
  /** How messages name the provider. */
  readonly name: string;
  /** For the dates in `Retry-After`. */
  readonly clock: Pick<Clock, "now">;
  /** Bytes of one answer. */
  readonly maxBytes?: number | undefined;
};

/**
 * Rejects with ProviderError for a status other than 2xx, for HTML or JSON where an event stream
 * was asked for, and for a failing connection; so does the body while it is read. A WorkerError of
 * `fetch` and an abort pass through unchanged.
 */
export function checkedFetch(fetch: Fetch, options: CheckedFetchOptions): Fetch {
  return async (input, init) => {
    const response = await connect(fetch, { input, init, name: options.name });
    if (!response.ok) throw await failureIn(response, options);
    const type = mediaType(response);
    if (type === "text/html" || type === "application/json") {
      throw await wrongType(response, { type, name: options.name });
    }
    const signal = init?.signal ?? undefined;
    return new Response(response.body && guarded(response.body, { ...options, signal }), {
      status: response.status,
      headers: response.headers,
    });
  };
}

/** An answer of 128,000 tokens, each in a chunk of its own, takes about 45 MB. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024;
const MAX_ERROR_CHARS = 64 * 1024;

async function connect(
  fetch: Fetch,
  { input, init, name }: {
    input: string | URL | Request;
    init: RequestInit | undefined;
    name: string;
  },
): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (thrown) {
    if (init?.signal?.aborted) throw thrown;
    throw transportError(thrown, `${name}: no connection`);
  }
}

async function failureIn(
  response: Response,
  { name, clock }: CheckedFetchOptions,
): Promise<ProviderError> {
  const text = await errorText(response);
  const body = parsed(text) ?? (mediaType(response) === "text/plain" ? text : undefined);
  const wait = retryAfterMs(response.headers, clock.now());
  return providerError(name, { status: response.status, body, retryAfterMs: wait });
}

async function wrongType(
  response: Response,
  { type, name }: { type: string; name: string },
): Promise<ProviderError> {
  const body = parsed(await errorText(response));
  if (typeof body === "object" && body !== null && "error" in body) {
    return providerError(name, { status: response.status, body });
  }
  const message = `${name}: HTTP ${response.status}: expected an event stream, got ${type}`;
  return new ProviderError(message, { failure: "protocol", status: response.status });
}

/** What there is of the body before it breaks off or becomes too long. */
async function errorText(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > MAX_ERROR_CHARS) break;
    }
  } catch {
    // A body that breaks off: the status alone tells enough.
  }
  return text;
}

function guarded(
  body: ReadableStream<Uint8Array>,
  { name, signal, maxBytes = MAX_ANSWER_BYTES }: CheckedFetchOptions & {
    readonly signal: AbortSignal | undefined;
  },
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let left = maxBytes;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener("abort", () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {/* it has ended by itself */});
      }, { once: true });
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        left -= value.byteLength;
        if (left < 0) {
          await reader.cancel();
          const message = `${name}: answer is too long, expected at most ${maxBytes} bytes`;
          throw new ProviderError(message, { failure: "protocol" });
        }
        controller.enqueue(value);
      } catch (thrown) {
        controller.error(transportError(thrown, `${name}: connection broke off`));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function transportError(thrown: unknown, what: string): Error {
  if (thrown instanceof ProviderError || thrown instanceof WorkerError) return thrown;
  const message = `${what}: ${oneLine(messageOf(thrown))}`;
  return new ProviderError(message, { failure: "network", cause: thrown });
}

function mediaType(response: Response): string {
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, or cut off: the server's words are left out of the message.
    return undefined;
  }
}
