// The provider for OpenAI's protocols: chooses between chat completions, which many servers speak,
// and responses, which some models need. What each says is chat.ts's and responses.ts's.
import { streamChat } from "./chat.ts";
import { modelServer, type RemoteOptions } from "./model_server.ts";
import { isResponsesOnly, reasonsWithToolsElsewhere } from "./openai_models.ts";
import { type ModelEvent, type ModelRequest, type Provider, ProviderError } from "./provider.ts";
import { Responses } from "./responses.ts";

/** A request that one endpoint sends to the other goes there, and so do all later ones alike. */
export function openAiProvider(options: RemoteOptions): Provider {
  const server = modelServer(options);
  const responses = new Responses(server);
  const learned = new Map<string, Endpoint>();
  const ask = (endpoint: Endpoint, request: ModelRequest, signal: AbortSignal) =>
    endpoint === "chat" ? streamChat(server, request, signal) : responses.stream(request, signal);
  return {
    name: server.name,
    async *stream(request, signal) {
      const first = learned.get(request.model) ?? endpointFor(request);
      const refusal = yield* untilSentOn(ask(first, request, signal), first);
      if (refusal === undefined) return;
      const other = first === "chat" ? "responses" : "chat";
      try {
        for await (const event of ask(other, request, signal)) {
          learned.set(request.model, other);
          yield event;
        }
      } catch (thrown) {
        throw isMissing(thrown) ? refusal : thrown;
      }
    },
  };
}

type Endpoint = "chat" | "responses";

function endpointFor({ model, tools }: ModelRequest): Endpoint {
  const needsResponses = isResponsesOnly(model) ||
    (tools.length > 0 && reasonsWithToolsElsewhere(model));
  return needsResponses ? "responses" : "chat";
}

/** Returns the error by which `endpoint` sent the request to the other; nothing was said then. */
async function* untilSentOn(
  events: AsyncIterable<ModelEvent>,
  endpoint: Endpoint,
): AsyncGenerator<ModelEvent, ProviderError | undefined> {
  try {
    yield* events;
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ProviderError)) throw thrown;
    const isSentOn = endpoint === "chat" ? namesOther(thrown) : isMissing(thrown);
    if (!isSentOn) throw thrown;
    return thrown;
  }
}

/** Said in words alone: these errors have no code, and `model` as param (wire: providers, openai). */
function namesOther({ status, message }: ProviderError): boolean {
  return status !== undefined && [400, 404, 405, 409, 415, 422].includes(status) &&
    /\/responses\b|\bv1\/completions\b/.test(message);
}

/** Whether the server has no such endpoint, or has it not for this model. */
function isMissing(thrown: unknown): boolean {
  return thrown instanceof ProviderError && (thrown.status === 404 || thrown.status === 405);
}
