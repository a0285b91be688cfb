// Waits for what a test expects of another process, and gives up in time; it never just sleeps.

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 4;

export type Wait = {
  /** What is waited for, as the failure says it. */
  readonly what: string;
  readonly ms?: number;
};

/** Settles as `promise` does, or rejects when it has not in time. */
export async function within<T>(promise: Promise<T>, { what, ms = PATIENCE_MS }: Wait): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No ${what} within ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again until there is something; rejects when there is nothing in time. */
export async function until<T>(look: () => T | undefined, wait: Wait): Promise<T> {
  const { what, ms = PATIENCE_MS } = wait;
  const end = performance.now() + ms;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`No ${what} within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
