// Long work in turns: others get theirs in between, an abort is heard, and it ends when it has
// taken long enough.
import type { Clock } from "../base/clock.ts";

const TURN_MS = 20;

export type PaceOptions = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long the work may go on. */
  readonly maxMs?: number;
};

export class Pace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #end: number;
  #turnStart: number;

  constructor({ clock, signal, maxMs = Infinity }: PaceOptions) {
    this.#clock = clock;
    this.#signal = signal;
    this.#turnStart = clock.monotonic();
    this.#end = this.#turnStart + maxMs;
  }

  /** Whether it is time for a `rest`. */
  get isDue(): boolean {
    return this.#clock.monotonic() - this.#turnStart > TURN_MS;
  }

  /** Whether the work has gone on for as long as it may. */
  get isOver(): boolean {
    return this.#turnStart >= this.#end;
  }

  /** Gives others a turn; rejects with the abort reason. */
  async rest(): Promise<void> {
    await this.#clock.sleep(0, this.#signal);
    this.#turnStart = this.#clock.monotonic();
  }
}
