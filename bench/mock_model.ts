// A model on this machine that answers any question with given pieces, in the ways that agents ask.

/** Speaks the streams of OpenAI, Anthropic and Google. Disposing it closes the socket. */
export class MockModel implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** How many answers were given. */
  answers = 0;

  /** `pieces` is called once for each question; each piece is sent on its own. */
  constructor(pieces: () => AsyncIterable<string> | Iterable<string>) {
    const listen = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(listen, async (request) => {
      await request.body?.pipeTo(new WritableStream());
      const stream = STREAMS[`${request.method} ${new URL(request.url).pathname}`];
      if (!stream) return new Response(null, { status: 404 });
      this.answers++;
      const body = ReadableStream.from(stream(pieces())).pipeThrough(new TextEncoderStream());
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
  }

  /** What a credential names, for each of the protocols. */
  get baseUrl(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/v1`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** What `oneTurn` says in all. */
export const ONE_TURN_TEXT = "The mock model has answered.";

/** One short answer without tool calls, at once. */
export function oneTurn(): string[] {
  return ONE_TURN_TEXT.split(/(?<= )/);
}

type Pieces = AsyncIterable<string> | Iterable<string>;

const STREAMS: Readonly<Record<string, (pieces: Pieces) => AsyncGenerator<string>>> = {
  "POST /v1/chat/completions": chatStream,
  "POST /v1/responses": responsesStream,
  "POST /v1/messages": messagesStream,
  "POST /v1/models/mock:streamGenerateContent": geminiStream,
};

async function* chatStream(pieces: Pieces): AsyncGenerator<string> {
  const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "mock" };
  const chunk = (delta: unknown, finish_reason: "stop" | null = null) =>
    `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  yield chunk({ role: "assistant", content: "" });
  for await (const content of pieces) yield chunk({ content });
  yield chunk({}, "stop");
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  yield `data: ${JSON.stringify({ ...head, choices: [], usage })}\n\ndata: [DONE]\n\n`;
}

async function* responsesStream(pieces: Pieces): AsyncGenerator<string> {
  const response = { id: "resp_1", object: "response", model: "mock", created_at: 1, output: [] };
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  yield event("response.created", { response: { ...response, status: "in_progress" } });
  const begun = message("in_progress", []);
  yield event("response.output_item.added", { output_index: 0, item: begun });
  yield event("response.content_part.added", { ...place, part: textPart("") });
  let text = "";
  for await (const delta of pieces) {
    text += delta;
    yield event("response.output_text.delta", { ...place, delta });
  }
  const item = message("completed", [textPart(text)]);
  yield event("response.output_text.done", { ...place, text });
  yield event("response.content_part.done", { ...place, part: textPart(text) });
  yield event("response.output_item.done", { output_index: 0, item });
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  };
  const done = { ...response, status: "completed", output: [item], usage };
  yield event("response.completed", { response: done });
}

async function* messagesStream(pieces: Pieces): AsyncGenerator<string> {
  const usage = { input_tokens: 10, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "mock", content: [] };
  yield event("message_start", { message: { ...message, usage } });
  const content_block = { type: "text", text: "" };
  yield event("content_block_start", { index: 0, content_block });
  for await (const text of pieces) {
    yield event("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
  }
  yield event("content_block_stop", { index: 0 });
  const delta = { stop_reason: "end_turn", stop_sequence: null };
  yield event("message_delta", { delta, usage: { output_tokens: 5 } });
  yield event("message_stop", {});
}

async function* geminiStream(pieces: Pieces): AsyncGenerator<string> {
  const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };
  const tail = { usageMetadata, modelVersion: "mock", responseId: "response-1" };
  const chunk = (text: string, end: Readonly<Record<string, unknown>> = {}) => {
    const content = { parts: [{ text }], role: "model" };
    const candidates = [{ content, ...end, index: 0 }];
    return `data: ${JSON.stringify({ candidates, ...tail })}\r\n\r\n`;
  };
  for await (const text of pieces) yield chunk(text);
  yield chunk("", { finishReason: "STOP" });
}

function event(type: string, fields: Readonly<Record<string, unknown>>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function message(status: string, content: readonly unknown[]): Record<string, unknown> {
  return { id: "msg_1", type: "message", role: "assistant", status, content };
}

function textPart(text: string): Record<string, unknown> {
  return { type: "output_text", text, annotations: [] };
}
