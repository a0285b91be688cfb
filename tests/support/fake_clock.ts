// A clock that stands still until a test moves it.
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/base/clock.ts";

type Sleeper = { readonly due: number; wake(): void };

export class FakeClock implements Clock {
  #elapsed = 0;
  #sleepers: Sleeper[] = [];
  readonly #epoch: number;

  /** `startedAt` is what `now` says at first. */
  constructor(startedAt = Date.UTC(2026, 5, 18, 10, 0, 0)) {
    this.#epoch = startedAt;
  }

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  /** How long each of those who sleep has still to sleep, soonest first. */
  get waits(): readonly number[] {
    return this.#sleepers.map(({ due }) => due - this.#elapsed).toSorted((a, b) => a - b);
  }

  /** A sleep of nothing lets other work run, as with the system's clock, and needs no `advance`. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (ms <= 0) return await setImmediate();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { due: this.#elapsed + ms, wake: resolve };
    const abort = () => reject(signal.reason);
    this.#sleepers.push(sleeper);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
      signal.removeEventListener("abort", abort);
    }
  }

  /** Moves time on, wakes who is due in order, and lets each do what it does next. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (;;) {
      const [next] = this.#sleepers.filter(({ due }) => due <= end).toSorted((a, b) =>
        a.due - b.due
      );
      if (next === undefined) break;
      this.#elapsed = Math.max(this.#elapsed, next.due);
      next.wake();
      await settle();
    }
    this.#elapsed = end;
  }
}

/** Lets everything that waits for nothing but its turn take it. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}
