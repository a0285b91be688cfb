// OpenAI's responses, without its storage: one request, and what its stream says.
import { streamAnswer } from "./answer.ts";
import type { ModelServer } from "./model_server.ts";
import { type ModelEvent, type ModelRequest, ProviderError } from "./provider.ts";
import { ResponsesAnswer } from "./responses_answer.ts";
import { REFINEMENTS, responsesRequest } from "./responses_request.ts";

/** Holds what a server turned out not to take. */
export class Responses {
  readonly #server: ModelServer;
  #isRefined = true;

  constructor(server: ModelServer) {
    this.#server = server;
  }

  /**
   * As Provider.stream. A server that refuses what a request can do without is asked again without
   * it: an organisation that is not verified may have no summaries, say.
   */
  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    try {
      yield* this.#ask(request, signal);
    } catch (thrown) {
      if (!this.#isRefined || !refusesRefinement(thrown)) throw thrown;
      this.#isRefined = false;
      yield* this.#ask(request, signal);
    }
  }

  #ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const server = this.#server;
    const body = responsesRequest(request, { isRefined: this.#isRefined });
    const answer = new ResponsesAnswer(server);
    return streamAnswer({ server, call: { path: "/responses", body }, answer }, signal);
  }
}

function refusesRefinement(thrown: unknown): boolean {
  return thrown instanceof ProviderError && thrown.failure === "invalid_request" &&
    REFINEMENTS.some((field) => thrown.param === field || thrown.param?.startsWith(`${field}[`));
}
