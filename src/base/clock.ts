// Time, as something that can be handed in. The only file with raw timers.

export interface Clock {
  /** Wall-clock milliseconds since 1970. */
  now(): number;
  /** Milliseconds on a clock that never jumps. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the abort reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  using _timer = after(ms, resolve);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Aborts `signal` with `reason` after `ms`. Disposing it stops the timer. */
export function deadline(ms: number, reason: () => Error): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const timer = after(ms, () => controller.abort(reason()));
  return { signal: controller.signal, [Symbol.dispose]: () => timer[Symbol.dispose]() };
}

/** A timer takes no longer wait at once: it would fire on the spot. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Disposing it stops the timer. */
function after(ms: number, act: () => void): Disposable {
  let left = ms;
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    const slice = Math.min(left, LONGEST_TIMER_MS);
    left -= slice;
    timer = setTimeout(() => left > 0 ? wait() : act(), slice);
  };
  wait();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Calls `tick` every `ms` until disposed. */
export function every(ms: number, tick: () => void): Disposable {
  const timer = setInterval(tick, ms);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
