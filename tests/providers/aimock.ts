// A model server that is not ours (aimock), made to give the answers of the contract.
import { createServer } from "@copilotkit/aimock";
import type { Provider } from "../../src/providers/provider.ts";
import type { Answer } from "./contract.ts";

export type MockedAnswers = Parameters<typeof createServer>[0];
export type MockedAnswer = MockedAnswers[number]["response"];
type MockOptions = NonNullable<Parameters<typeof createServer>[1]>;

/** Runs on a free port of this machine until disposed of. */
export async function startMock(
  answers: MockedAnswers,
  options: MockOptions = { chunkSize: 5 },
): Promise<AsyncDisposable & { readonly url: string }> {
  const { server, url, videoStates } = await createServer(answers, options);
  return {
    url,
    async [Symbol.asyncDispose]() {
      videoStates.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

/** Answers every request so; `providerAt` gets the base URL of OpenAI's protocols. */
export async function serveMock(
  answer: Answer,
  providerAt: (baseUrl: string) => Provider,
): Promise<AsyncDisposable & { readonly provider: Provider }> {
  const mock = await startMock([{
    match: { userMessage: /.*/ },
    response: mockedAnswer(answer),
  }]);
  return {
    provider: providerAt(`${mock.url}/v1`),
    [Symbol.asyncDispose]: () => mock[Symbol.asyncDispose](),
  };
}

/** What aimock is told to say. */
export function mockedAnswer(
  { reasoning, text = [], calls, usage, failure }: Answer,
): MockedAnswer {
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
