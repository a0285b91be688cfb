// The provider for Anthropic's messages and the servers that speak them. Its SDK lends only its
// types (decision 0013): the stream is read as all others are, by event_stream.ts.
import { streamAnswer } from "./answer.ts";
import { AnthropicAnswer } from "./anthropic_answer.ts";
import { anthropicRequest, betasOf } from "./anthropic_request.ts";
import type { StreamCall } from "./event_stream.ts";
import { modelServer, type RemoteOptions } from "./model_server.ts";
import type { ModelRequest, Provider } from "./provider.ts";

export function anthropicProvider(options: RemoteOptions): Provider {
  const server = modelServer(options);
  return {
    name: server.name,
    stream(request, signal) {
      const answer = new AnthropicAnswer(server);
      return streamAnswer({ server, call: callFor(request), answer }, signal);
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
