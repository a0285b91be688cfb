// One answer of a model's server: asked for, heard to its end, and told in our events. What the
// server's own events say is the protocol's.
import { type StreamCall, streamEvents } from "./event_stream.ts";
import type { ModelServer } from "./model_server.ts";
import { type ModelEvent, ProviderError } from "./provider.ts";

/** What a protocol makes of a stream: feed `read` each event in order, then call `end` once. */
export interface Answer {
  /** Nothing that must be heard can still come. */
  readonly isWhole: boolean;
  /** What this event adds. Throws ProviderError when it is none of the protocol's. */
  read(raw: unknown): readonly ModelEvent[];
  /** The calls and the end. Throws ProviderError when the answer broke off. */
  end(): readonly ModelEvent[];
}

/** As Provider.stream. A connection that is lost after a whole answer is no failure. */
export async function* streamAnswer(
  { server, call, answer }: {
    readonly server: ModelServer;
    readonly call: StreamCall;
    readonly answer: Answer;
  },
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  try {
    for await (const event of streamEvents(server, call, signal)) yield* answer.read(event);
  } catch (thrown) {
    if (!answer.isWhole || !isLostConnection(thrown)) throw thrown;
  }
  yield* answer.end();
}

function isLostConnection(thrown: unknown): boolean {
  return thrown instanceof ProviderError && thrown.failure === "network";
}
