// Signals from the person at the terminal: one asks the run to end, a second Ctrl-C ends it.
import { WorkerError } from "../core/errors.ts";

/** Listens from its creation until it is disposed. */
export class Interrupts implements Disposable {
  readonly #cancelling = new AbortController();
  readonly #killing = new AbortController();
  readonly #listeners = new Map<Deno.Signal, () => void>();

  constructor() {
    this.#listen("SIGINT", () => {
      if (this.cancelled.aborted) this.#killing.abort();
      this.#cancel("cancelling; Ctrl-C again ends the worker at once");
    });
    if (Deno.build.os !== "windows") this.#listen("SIGTERM", () => this.#cancel("cancelling"));
  }

  /** Aborts at Ctrl-C or SIGTERM, with a WorkerError `cancelled` that says what now happens. */
  get cancelled(): AbortSignal {
    return this.#cancelling.signal;
  }

  /** Aborts at the second Ctrl-C. */
  get killed(): AbortSignal {
    return this.#killing.signal;
  }

  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
    this.#listeners.clear();
  }

  #listen(signal: Deno.Signal, listener: () => void): void {
    Deno.addSignalListener(signal, listener);
    this.#listeners.set(signal, listener);
  }

  #cancel(text: string): void {
    this.#cancelling.abort(new WorkerError("cancelled", text));
  }
}
