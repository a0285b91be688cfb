// The provider for Google's Gemini API. Its SDK lends only its types (decision 0014): the stream is
// read as all others are, by event_stream.ts.
import { streamAnswer } from "./answer.ts";
import { GeminiAnswer } from "./gemini_answer.ts";
import { geminiPath, geminiRequest } from "./gemini_request.ts";
import { modelServer, type RemoteOptions } from "./model_server.ts";
import type { Provider } from "./provider.ts";

/** The base URL ends with the version, as in `/v1beta`. */
export function geminiProvider(options: RemoteOptions): Provider {
  const server = modelServer(options);
  return {
    name: server.name,
    stream(request, signal) {
      const call = { path: geminiPath(request.model), body: geminiRequest(request) };
      return streamAnswer({ server, call, answer: new GeminiAnswer(server) }, signal);
    },
  };
}
