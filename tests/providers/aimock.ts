// A model server that is not ours (aimock), made to give the answers of the contract.
import { createServer } from "@copilotkit/aimock";
import type { Provider } from "../../src/providers/provider.ts";
import type { Answer } from "./contract.ts";

/** Answers every request so; `providerAt` gets the base URL of OpenAI's protocols. */
export async function serveMock(
  answer: Answer,
  providerAt: (baseUrl: string) => Provider,
): Promise<AsyncDisposable & { readonly provider: Provider }> {
  const fixture = { match: { userMessage: /.*/ }, response: mockedAnswer(answer) };
  const { server, url, videoStates } = await createServer([fixture], { chunkSize: 5 });
  return {
    provider: providerAt(`${url}/v1`),
    async [Symbol.asyncDispose]() {
      videoStates.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

function mockedAnswer({ reasoning, text = [], calls, usage, failure }: Answer) {
  if (failure) return { error: { message: failure.message }, status: failure.status };
  const extras = {
    ...(reasoning !== undefined && { reasoning }),
    ...(usage && { usage: { prompt_tokens: usage.prompt, completion_tokens: usage.completion } }),
  };
  if (!calls) return { content: text.join(""), ...extras };
  const toolCalls = [...calls];
  return text.length > 0
    ? { content: text.join(""), toolCalls, ...extras }
    : { toolCalls, ...extras };
}
