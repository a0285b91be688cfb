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
  #isHeld = false;
  #ticks = 0;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** Resolves when there is room for more. Rejects once a stream takes nothing any more. */
  async write(outputs: readonly Output[]): Promise<void> {
    if (outputs.length === 0) return;
    this.#clearStatus();
    for (const output of outputs) this.#put(output);
    if (this.#queued >= HIGH_WATER) await this.flush();
    else if (this.#failure !== undefined) throw this.#failure;
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
    if (!status || this.#isLineOpen || this.#isHeld || this.#writing) return;
    const spinner = FRAMES[this.#ticks++ % FRAMES.length];
    const line = `${spinner} ${status.text()}`.slice(0, Math.max(status.columns - 1, 1));
    this.#isStatusShown = true;
    this.#put({ to: "stderr", text: `${CLEAR}${line}` });
  }

  /** Keeps the status line away until the holder is disposed: somebody types there. */
  hold(): Disposable {
    this.#clearStatus();
    this.#isHeld = true;
    return { [Symbol.dispose]: () => void (this.#isHeld = false) };
  }

  #clearStatus(): void {
    if (!this.#isStatusShown) return;
    this.#isStatusShown = false;
    this.#put({ to: "stderr", text: CLEAR });
  }

  #put(output: Output): void {
    if (this.#failure !== undefined) return;
    if (output.to === "stderr" || this.#options.isShared) {
      const isAtStart = output.text.endsWith("\n") || output.text.endsWith(CLEAR);
      this.#isLineOpen = !this.#isStatusShown && !isAtStart;
    }
    this.#queue.push(output);
    this.#queued += output.text.length;
    this.#writing ??= this.#writeAll();
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

async function writeText(sink: Sink, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await sink.write(bytes.subarray(done));
}
