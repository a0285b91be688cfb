// An executor whose runs may take only so long, all of them together (capabilities.budget).
import type { Clock } from "../base/clock.ts";
import { timeLimit } from "../base/time_limit.ts";
import { WorkerError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Executor, RunIo, RunRequest } from "./executor.ts";

/** A run that reaches the limit ends with its text so far, with reason `budget`. */
export class WallBudget implements Executor {
  readonly #executor: Executor;
  readonly #limitMs: number;
  readonly #clock: Clock;
  #usedMs = 0;

  constructor(
    executor: Executor,
    { limitMs, clock }: { readonly limitMs: number; readonly clock: Clock },
  ) {
    this.#executor = executor;
    this.#limitMs = limitMs;
    this.#clock = clock;
  }

  async run(request: RunRequest, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    if (this.#usedMs >= this.#limitMs) {
      this.drop();
      return { status: "error", ...this.#reached() };
    }
    const start = this.#clock.monotonic();
    using limit = timeLimit(this.#limitMs - this.#usedMs, {
      clock: this.#clock,
      reason: () => new WorkerError("budget", this.#reached().error),
    });
    try {
      const outcome = await this.#executor.run(
        request,
        io,
        AbortSignal.any([signal, limit.signal]),
      );
      if (outcome.status !== "cancelled" || signal.aborted || !limit.signal.aborted) return outcome;
      return { status: "error", ...this.#reached(), result: outcome.result };
    } finally {
      this.#usedMs += this.#clock.monotonic() - start;
    }
  }

  drop(): void {
    this.#executor.drop?.();
  }

  #reached(): { readonly error: string; readonly reason: "budget" } {
    const seconds = this.#limitMs / 1000;
    return {
      error: `Wall-clock budget reached: ${seconds} s (capabilities.budget.wall_secs)`,
      reason: "budget",
    };
  }
}
