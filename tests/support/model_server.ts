// A model server that answers as a test tells it, and keeps what it was asked.

export type ModelServer = AsyncDisposable & {
  /** The base URL a credential names. */
  readonly baseUrl: string;
  readonly port: number;
  readonly requests: readonly ModelRequest[];
};

export type ModelRequest = {
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
};

/** Ends also while an answer is still open. */
export function serveModel(
  answer: (request: ModelRequest) => Response | Promise<Response>,
): ModelServer {
  const requests: ModelRequest[] = [];
  const ending = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: ending.signal,
    onListen: () => {},
  }, async (raw) => {
    const request = { url: raw.url, headers: raw.headers, body: await raw.text() };
    requests.push(request);
    return await answer(request);
  });
  const { port } = server.addr;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.finished;
    },
  };
}

/** A whole answer that says `text`. */
export function textAnswer(text: string): Response {
  return streamAnswer([textChunk(text), END_CHUNK, DONE]);
}

/** An event stream in exactly these pieces. */
export function streamAnswer(pieces: readonly string[]): Response {
  const body = ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece)));
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

export function textChunk(content: string): string {
  return chunk({ delta: { content }, finish_reason: null });
}

/** A whole call of a tool. */
export function toolCallChunk(
  { id, name, arguments: args }: { id: string; name: string; arguments: string },
): string {
  const call = { index: 0, id, type: "function", function: { name, arguments: args } };
  return chunk({ delta: { tool_calls: [call] }, finish_reason: null });
}

/** What the answer cost, as it is told at the end. */
export function usageChunk({ prompt, completion }: { prompt: number; completion: number }): string {
  const usage = {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
  const data = { id: "x", object: "chat.completion.chunk", choices: [], usage };
  return `data: ${JSON.stringify(data)}\n\n`;
}

export const END_CHUNK = chunk({ delta: {}, finish_reason: "stop" });
export const DONE = "data: [DONE]\n\n";

function chunk(choice: Readonly<Record<string, unknown>>): string {
  const data = { id: "x", object: "chat.completion.chunk", choices: [{ index: 0, ...choice }] };
  return `data: ${JSON.stringify(data)}\n\n`;
}
