// OpenAI's chat completions, which many servers speak: one request, and what its stream says.
import { streamAnswer } from "./answer.ts";
import { ChatAnswer } from "./chat_answer.ts";
import { chatRequest } from "./chat_request.ts";
import type { ModelServer } from "./model_server.ts";
import type { ModelEvent, ModelRequest } from "./provider.ts";

/** As Provider.stream. */
export function streamChat(
  server: ModelServer,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const call = { path: "/chat/completions", body: chatRequest(request) };
  return streamAnswer({ server, call, answer: new ChatAnswer(server) }, signal);
}
