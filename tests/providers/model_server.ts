// A model server on this machine that answers as a test tells it, and the wire form of answers.

export type ModelServer = AsyncDisposable & {
  readonly url: string;
  /** The parsed bodies of the requests, in order. */
  readonly requests: readonly unknown[];
};

export function serveModel(
  answer: (request: Request) => Response | Promise<Response>,
): ModelServer {
  const requests: unknown[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      requests.push(await request.json());
      return await answer(request);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Chunks as server-sent events; a text stands for itself. */
export function eventStream(...chunks: readonly unknown[]): Response {
  return new Response(eventText(...chunks), { headers: EVENT_STREAM });
}

export function eventText(...chunks: readonly unknown[]): string {
  return chunks.map((chunk) =>
    `data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`
  )
    .join("");
}

export const EVENT_STREAM = { "content-type": "text/event-stream" } as const;

/** One chunk of a chat completion. */
export function chunk(delta: unknown, finish_reason: string | null = null): unknown {
  return { object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] };
}
