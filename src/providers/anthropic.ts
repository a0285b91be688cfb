// The provider for Anthropic's messages and the servers that speak them. Its SDK lends only its
// types (decision 0013): the stream is read as all others are, by openai_stream.ts; failures and
// bounds are checked_fetch.ts's.
import type { Clock } from "../base/clock.ts";
import { AnthropicAnswer } from "./anthropic_answer.ts";
import { anthropicRequest, betasOf } from "./anthropic_request.ts";
import { checkedFetch } from "./checked_fetch.ts";
import { isLostConnection, openAiStream, type StreamCall } from "./openai_stream.ts";
import type { Fetch, ModelRequest, Provider } from "./provider.ts";
import { oneLine } from "./server_error.ts";

export type AnthropicOptions = {
  /** How messages name the provider. */
  readonly name: string;
  /** Where `/messages` is appended. */
  readonly baseUrl: string;
  /** Adds the key: none is known here. */
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, "now">;
  /** For calls that a server left without an id. */
  readonly newCallId?: (() => string) | undefined;
};

export function anthropicProvider(options: AnthropicOptions): Provider {
  const { baseUrl, clock, newCallId = randomCallId } = options;
  const name = oneLine(options.name);
  const fetch = checkedFetch(options.fetch, { name, clock });
  const server = { name, baseUrl, fetch, newCallId };
  return {
    name,
    async *stream(request, signal) {
      const answer = new AnthropicAnswer(server);
      const call = callFor(request);
      try {
        for await (const event of openAiStream(server, call, signal)) yield* answer.read(event);
      } catch (thrown) {
        if (!answer.isWhole || !isLostConnection(thrown)) throw thrown;
      }
      yield* answer.end();
    },
  };
}

function callFor(request: ModelRequest): StreamCall {
  const body = anthropicRequest(request);
  const betas = betasOf(body);
  return {
    path: "/messages",
    headers: {
      "anthropic-version": "2023-06-01",
      ...(betas.length > 0 && { "anthropic-beta": betas.join(",") }),
    },
    body,
  };
}

function randomCallId(): string {
  return `call_${crypto.randomUUID()}`;
}
