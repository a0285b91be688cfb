// A bounded wait for something that is not ours to stop.
import type { Clock } from "./clock.ts";

/** True if `promise` settled, either way, within `ms`; false once that time is over. Never rejects. */
export async function settlesWithin(
  promise: Promise<unknown>,
  options: { readonly ms: number; readonly clock: Clock },
): Promise<boolean> {
  const timer = new AbortController();
  const isLate = options.clock.sleep(options.ms, timer.signal).then(() => false, () => true);
  const isSettled = promise.then(() => true, () => true);
  try {
    return await Promise.race([isSettled, isLate]);
  } finally {
    timer.abort();
  }
}
