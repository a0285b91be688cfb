// The server behind a provider, as its requests see it: made of the options that providers of all
// protocols take alike. What is asked of it is event_stream.ts's.
import type { Clock } from "../base/clock.ts";
import { checkedFetch } from "./checked_fetch.ts";
import type { Fetch } from "./provider.ts";
import { oneLine } from "./server_error.ts";

export type RemoteOptions = {
  /** How messages name the provider. */
  readonly name: string;
  /** Where a request's path is appended, as `fetch` understands it: `http://<route>.invalid`. */
  readonly baseUrl: string;
  /** Adds the key: none is known here. */
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, "now">;
  /** For calls that a server left without an id. */
  readonly newCallId?: (() => string) | undefined;
};

export type ModelServer = {
  /** How messages name the provider: one line. */
  readonly name: string;
  /** Where the path is appended. */
  readonly baseUrl: string;
  /** checkedFetch: tells failures as ProviderErrors. */
  readonly fetch: Fetch;
  /** For calls that come without an id, or with that of another call. */
  readonly newCallId: () => string;
};

export function modelServer(options: RemoteOptions): ModelServer {
  const { baseUrl, clock, newCallId = randomCallId } = options;
  const name = oneLine(options.name);
  return { name, baseUrl, fetch: checkedFetch(options.fetch, { name, clock }), newCallId };
}

function randomCallId(): string {
  return `call_${crypto.randomUUID()}`;
}
