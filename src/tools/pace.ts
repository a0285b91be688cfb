// Lets the event loop breathe during long work, so that an abort is heard.
import type { Clock } from "../base/clock.ts";

const WORK_MS = 20;

export class Pace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #since: number;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#since = clock.monotonic();
  }

  /** Whether the work has gone on long enough without a `rest`. */
  get isDue(): boolean {
    return this.#clock.monotonic() - this.#since > WORK_MS;
  }

  /** Gives others a turn; rejects with the abort reason. */
  async rest(): Promise<void> {
    await this.#clock.sleep(0, this.#signal);
    this.#since = this.#clock.monotonic();
  }
}
