// Stdout and stderr in one order, with a status line below them where stderr is a terminal.
import type { Output } from "./view.ts";

/** A stream that text is written to; Deno.stdout is one. */
export interface Sink {
  write(bytes: Uint8Array): Promise<number>;
}

export type ScreenOptions = {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Where stderr is a terminal: what its status line says, on at most `columns` characters. */
  readonly status:
    | { readonly columns: number; readonly text: () => string }
    | undefined;
  /** Whether stdout shows on the same terminal. */
  readonly isShared: boolean;
};

/** Where a question is asked: the screen's for as long as it is not disposed. */
export interface Hold extends Disposable {
  /** Writes now what belongs to the question; all else waits. */
  write(text: string): Promise<void>;
}

/** Writers wait from here on, so that a slow reader of ours slows the worker too. */
const HIGH_WATER = 64 * 1024;
const CLEAR = "\r\x1b[2K";
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export class Screen {
  readonly #options: ScreenOptions;
  #queue: Output[] = [];
  #queued = 0;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #isStatusShown = false;
  #isLineOpen = false;
  #held: Held | undefined;
  #ticks = 0;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** Resolves when there is room for more. Rejects once a stream takes nothing any more. */
  async write(outputs: readonly Output[]): Promise<void> {
    if (outputs.length === 0) return;
    if (this.#held === undefined) return await this.#writeNow(outputs);
    this.#held.waiting.push(...outputs);
    this.#held.size += outputs.reduce((sum, { text }) => sum + text.length, 0);
    if (this.#held.size >= HIGH_WATER) await this.#held.released.promise;
  }

  /** Takes the status line away and resolves when everything is written. Rejects as `write`. */
  async flush(): Promise<void> {
    this.#clearStatus();
    while (this.#writing) await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Draws the status line anew, where there is one and nothing stands in its place. */
  tick(): void {
    const { status } = this.#options;
    if (!status || this.#isLineOpen || this.#held || this.#writing) return;
    const spinner = FRAMES[this.#ticks++ % FRAMES.length];
    const line = `${spinner} ${status.text()}`.slice(0, Math.max(status.columns - 1, 1));
    this.#isStatusShown = true;
    this.#put({ to: "stderr", text: `${CLEAR}${line}` });
  }

  /** One at a time: whatever else is written, the status line too, waits until it is disposed. */
  hold(): Hold {
    const held: Held = { waiting: [], size: 0, released: Promise.withResolvers() };
    this.#held = held;
    return {
      write: (text) => this.#writeNow([{ to: "stderr", text }]),
      [Symbol.dispose]: () => {
        this.#held = undefined;
        held.released.resolve();
        if (held.waiting.length > 0) this.#writeNow(held.waiting).catch(() => {/* flush tells */});
      },
    };
  }

  async #writeNow(outputs: readonly Output[]): Promise<void> {
    this.#clearStatus();
    this.#put(...outputs);
    if (this.#queued >= HIGH_WATER) await this.flush();
    else if (this.#failure !== undefined) throw this.#failure;
  }

  #clearStatus(): void {
    if (!this.#isStatusShown) return;
    this.#isStatusShown = false;
    this.#put({ to: "stderr", text: CLEAR });
  }

  #put(...outputs: readonly Output[]): void {
    if (this.#failure !== undefined) return;
    for (const output of outputs) {
      this.#noteLine(output);
      this.#queue.push(output);
      this.#queued += output.text.length;
    }
    this.#writing ??= this.#writeAll();
  }

  #noteLine({ to, text }: Output): void {
    if (to === "stdout" && !this.#options.isShared) return;
    const isAtStart = text.endsWith("\n") || text.endsWith(CLEAR);
    this.#isLineOpen = !this.#isStatusShown && !isAtStart;
  }

  async #writeAll(): Promise<void> {
    try {
      for (let batch = this.#takeBatch(); batch; batch = this.#takeBatch()) {
        await writeText(this.#options[batch.to], batch.text);
      }
    } catch (thrown) {
      this.#failure = thrown;
      this.#queue = [];
    } finally {
      this.#writing = undefined;
    }
  }

  /** What is queued for one stream up to where another's turn comes. */
  #takeBatch(): Output | undefined {
    const [first] = this.#queue;
    if (!first) return undefined;
    const end = this.#queue.findIndex(({ to }) => to !== first.to);
    const batch = this.#queue.splice(0, end === -1 ? this.#queue.length : end);
    const text = batch.map((output) => output.text).join("");
    this.#queued -= text.length;
    return { to: first.to, text };
  }
}

type Held = {
  readonly waiting: Output[];
  size: number;
  readonly released: PromiseWithResolvers<void>;
};

async function writeText(sink: Sink, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await sink.write(bytes.subarray(done));
}
