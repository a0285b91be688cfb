// The provider for Google's Gemini API. Its SDK lends only its types (decision 0014): the stream is
// read as all others are, by openai_stream.ts; failures and bounds are checked_fetch.ts's.
import type { Clock } from "../base/clock.ts";
import { checkedFetch } from "./checked_fetch.ts";
import { GeminiAnswer } from "./gemini_answer.ts";
import { geminiPath, geminiRequest } from "./gemini_request.ts";
import { isLostConnection, openAiStream } from "./openai_stream.ts";
import type { Fetch, Provider } from "./provider.ts";
import { oneLine } from "./server_error.ts";

export type GeminiOptions = {
  /** How messages name the provider. */
  readonly name: string;
  /** Where `/models/…` is appended; ends with the version: `/v1beta`. */
  readonly baseUrl: string;
  /** Adds the key: none is known here. */
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, "now">;
  /** For calls that the server left without an id. */
  readonly newCallId?: (() => string) | undefined;
};

export function geminiProvider(options: GeminiOptions): Provider {
  const { baseUrl, clock, newCallId = randomCallId } = options;
  const name = oneLine(options.name);
  const fetch = checkedFetch(options.fetch, { name, clock });
  const server = { name, baseUrl, fetch, newCallId };
  return {
    name,
    async *stream(request, signal) {
      const answer = new GeminiAnswer(server);
      const call = { path: geminiPath(request.model), body: geminiRequest(request) };
      try {
        for await (const chunk of openAiStream(server, call, signal)) yield* answer.read(chunk);
      } catch (thrown) {
        if (!answer.isWhole || !isLostConnection(thrown)) throw thrown;
      }
      yield* answer.end();
    },
  };
}

function randomCallId(): string {
  return `call_${crypto.randomUUID()}`;
}
