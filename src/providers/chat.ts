// OpenAI's chat completions, which many servers speak: one request, and what its stream says.
import { ChatAnswer } from "./chat_answer.ts";
import { chatRequest } from "./chat_request.ts";
import { isLostConnection, type OpenAiServer, openAiStream } from "./openai_stream.ts";
import type { ModelEvent, ModelRequest } from "./provider.ts";

/** As Provider.stream. */
export async function* streamChat(
  server: OpenAiServer,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const answer = new ChatAnswer(server);
  const call = { path: "/chat/completions", body: chatRequest(request) };
  try {
    for await (const chunk of openAiStream(server, call, signal)) yield* answer.read(chunk);
  } catch (thrown) {
    if (!answer.isWhole || !isLostConnection(thrown)) throw thrown;
  }
  yield* answer.end();
}
