// A model's server on loopback (wire: providers, openai) that answers what it is told to.
import { systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import type { Answer } from "./direct_case.ts";

const END_MS = 1_000;

/** What a host asks for, and is answered when all is well. */
export const PLAIN = "all-is-well";

export class ModelServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #ending = new AbortController();
  #answer: Answer = plainAnswer;
  readonly #keys = new Set<string | null>();

  constructor() {
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal: this.#ending.signal,
      onListen: () => {},
    }, async (request) => {
      this.#keys.add(request.headers.get("authorization"));
      return this.#answer(await request.text());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/v1`;
  }

  /** From now on, to whoever asks. */
  answerBy(answer: Answer): void {
    this.#answer = answer;
    this.#keys.clear();
  }

  /** Since it was last told what to answer. */
  wasShown(key: string): boolean {
    return this.#keys.has(`Bearer ${key}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await settlesWithin(this.#server.finished, { ms: END_MS, clock: systemClock });
  }
}

/** The one answer that is right, if that was the question. */
export function plainAnswer(body: string): Response {
  return textAnswer(body.includes(PLAIN) ? PLAIN : "another question");
}

/** In two pieces, if it is to be cut before some word. */
export function textAnswer(content: string, cutBefore?: string): Response {
  const said = chunk({ delta: { content }, finish_reason: null });
  const at = cutBefore === undefined ? 0 : said.indexOf(cutBefore);
  const end = chunk({ delta: {}, finish_reason: "stop" });
  return streamAnswer([said.slice(0, at), said.slice(at), end, DONE]);
}

/** Calls a tool first, and says something when it has the result. */
export function callAnswer(name: string, args: Readonly<Record<string, unknown>>): Answer {
  const call = { name, arguments: JSON.stringify(args) };
  const delta = { tool_calls: [{ index: 0, id: "call-1", type: "function", function: call }] };
  return (body) =>
    body.includes(`"tool_call_id"`) ? textAnswer("done") : streamAnswer([
      chunk({ delta, finish_reason: null }),
      chunk({ delta: {}, finish_reason: "tool_calls" }),
      DONE,
    ]);
}

const DONE = "data: [DONE]\n\n";

function chunk(choice: Readonly<Record<string, unknown>>): string {
  const data = { id: "x", object: "chat.completion.chunk", choices: [{ index: 0, ...choice }] };
  return `data: ${JSON.stringify(data)}\n\n`;
}

function streamAnswer(pieces: readonly string[]): Response {
  const filled = pieces.filter((piece) => piece !== "");
  const body = ReadableStream.from(filled.map((piece) => new TextEncoder().encode(piece)));
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
