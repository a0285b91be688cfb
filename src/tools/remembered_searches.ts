// A web that remembers for a while what the search engine answered: a model asks the same again.
import type { Clock } from "../base/clock.ts";
import { SEARCH_ORIGIN } from "../core/search_engine.ts";
import type { Web, WebAnswer, WebOptions } from "./web.ts";

const KEPT_MS = 15 * 60 * 1000;
const MAX_KEPT = 32;
/** A longer page is not kept. */
const MAX_BYTES = 250_000;

type Kept = {
  readonly answer: Omit<WebAnswer, "body">;
  readonly bytes: Uint8Array;
  /** On the clock that never jumps. */
  readonly until: number;
};

export class RememberedSearches implements Web {
  readonly #web: Web;
  readonly #clock: Pick<Clock, "monotonic">;
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(web: Web, clock: Pick<Clock, "monotonic">) {
    this.#web = web;
    this.#clock = clock;
  }

  async get(url: string, options: WebOptions): Promise<WebAnswer> {
    if (!isSearch(url)) return await this.#web.get(url, options);
    const kept = this.#kept.get(url);
    if (kept && kept.until > this.#clock.monotonic()) {
      return { ...kept.answer, body: new Blob([kept.bytes.slice()]).stream() };
    }
    const { body, ...answer } = await this.#web.get(url, options);
    if (answer.status !== 200 || !body) return { ...answer, body };
    return { ...answer, body: this.#keeping(url, { answer, body }) };
  }

  /** Passes the body on, and keeps it once it has come to its end. */
  #keeping(
    url: string,
    { answer, body }: {
      readonly answer: Kept["answer"];
      readonly body: ReadableStream<Uint8Array>;
    },
  ): ReadableStream<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    return body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          size += chunk.length;
          if (size <= MAX_BYTES) chunks.push(chunk.slice());
          controller.enqueue(chunk);
        },
        flush: () => {
          if (size <= MAX_BYTES) this.#keep(url, { answer, bytes: joined(chunks, size) });
        },
      }),
    );
  }

  #keep(url: string, { answer, bytes }: Pick<Kept, "answer" | "bytes">): void {
    this.#kept.delete(url);
    this.#kept.set(url, { answer, bytes, until: this.#clock.monotonic() + KEPT_MS });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

function isSearch(url: string): boolean {
  return url.startsWith(`${SEARCH_ORIGIN}/`);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
