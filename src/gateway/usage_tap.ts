// Listens to an answer as it passes, and tells what it cost in the provider's own figures. What
// the figures look like is usage_figures.ts's.
import { LineSplitter } from "../base/lines.ts";
import { type Figures, UsageFigures } from "./usage_figures.ts";

/** The last event of some protocols says the whole answer again. What is longer is not read. */
const MAX_BYTES = 16 * 1024 * 1024;

export type TapOptions = {
  readonly contentType: string;
  /** Called once: at the end of the answer, as soon as it is known, or when it breaks off. */
  readonly onEnd: (figures: Figures) => void;
};

/** The same body, byte for byte and chunk for chunk. */
export function tapUsage(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { contentType, onEnd }: TapOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const listener = /event-stream/i.test(contentType) ? new EventListener() : new WholeListener();
  let isOpen = true;
  const end = (isWhole: boolean) => {
    if (isOpen) onEnd(listener.figures(isWhole));
    isOpen = false;
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          end(true);
          return controller.close();
        }
        listener.push(value);
        if (listener.isOver) end(true);
        controller.enqueue(value);
      } catch (thrown) {
        end(false);
        controller.error(thrown);
      }
    },
    async cancel(reason) {
      end(false);
      await reader.cancel(reason);
    },
  });
}

interface Listener {
  readonly isOver: boolean;
  push(chunk: Uint8Array): void;
  figures(isWhole: boolean): Figures;
}

/** For an event stream. Only lines that can hold figures are parsed. */
class EventListener implements Listener {
  readonly #lines = new LineSplitter({ maxBytes: MAX_BYTES });
  readonly #figures = new UsageFigures();
  #isReadable = true;

  get isOver(): boolean {
    return this.#figures.isOver;
  }

  push(chunk: Uint8Array): void {
    if (!this.#isReadable) return;
    try {
      for (const line of this.#lines.push(chunk)) this.#take(line);
    } catch {
      // Too long, or no text: what follows cannot be read either.
      this.#isReadable = false;
    }
  }

  /** A stream that just ends may have broken off: its own marks count. */
  figures(): Figures {
    return this.#figures.figures;
  }

  #take(line: string): void {
    if (!line.startsWith("data:")) return;
    if (line.includes('"usage') || line.includes('"message_stop"')) {
      this.#figures.take(parsed(line.slice("data:".length)));
    } else if (line.includes("[DONE]") && line.length < 20) {
      this.#figures.end();
    }
  }
}

/** For an answer in one piece: an object, or an array of what would be events. */
class WholeListener implements Listener {
  readonly isOver = false;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BYTES) this.#chunks.length = 0;
    else this.#chunks.push(chunk);
  }

  figures(isWhole: boolean): Figures {
    const figures = new UsageFigures();
    const answer = isWhole ? parsed(textOf(this.#chunks)) : undefined;
    for (const event of Array.isArray(answer) ? answer : [answer]) figures.take(event);
    figures.end();
    return figures.figures;
  }
}

function textOf(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("");
  return text + decoder.decode();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no figures in it
  }
}
