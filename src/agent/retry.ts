// Whether a model call that failed is worth another try, and when. Pure.
import type { ProviderError } from "../providers/provider.ts";

/** For each turn, the first included (wire: model calls). */
export const ATTEMPTS = 3;

const FIRST_PAUSE_MS = 400;
/** A server that wants a longer pause has the run ended instead. */
const LONGEST_PAUSE_MS = 60_000;

/** Milliseconds to wait after the `attempt`th failed; undefined when it is not tried again. */
export function retryPause(
  { failure, retryAfterMs = 0 }: Pick<ProviderError, "failure" | "retryAfterMs">,
  attempt: number,
): number | undefined {
  if (attempt >= ATTEMPTS || retryAfterMs > LONGEST_PAUSE_MS) return undefined;
  switch (failure) {
    case "rate_limit":
    case "overloaded":
    case "network":
    case "protocol":
      return Math.max(emptyPause(attempt), retryAfterMs);
    case "auth":
    case "context_overflow":
    case "invalid_request":
      return undefined;
  }
}

/** Milliseconds to wait after the `attempt`th answer, if that said nothing at all. */
export function emptyPause(attempt: number): number {
  return FIRST_PAUSE_MS * 2 ** (attempt - 1);
}
