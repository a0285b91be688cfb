// A deadline on a clock that is handed in; clock.ts has one on the system's.
import type { Clock } from "./clock.ts";

/** Aborts `signal` with `reason` after `ms`. Disposing it ends the wait. */
export function timeLimit(
  ms: number,
  { clock, reason }: { readonly clock: Pick<Clock, "sleep">; readonly reason: () => Error },
): Disposable & { readonly signal: AbortSignal } {
  const limit = new AbortController();
  const wait = new AbortController();
  clock.sleep(ms, wait.signal).then(() => limit.abort(reason()), () => {/* it was disposed */});
  return { signal: limit.signal, [Symbol.dispose]: () => wait.abort() };
}
