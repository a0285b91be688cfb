// Why a run failed, as its terminal says it. Pure.
import { toWorkerError } from "../core/errors.ts";
import type { FailureReason } from "../core/outcome.ts";
import { ProviderError } from "../providers/provider.ts";

/** The terminal's error text and reason. A failed model call is told as the reference tells it. */
export function describeFailure(thrown: unknown): { error: string; reason: FailureReason } {
  if (thrown instanceof ProviderError) {
    const what = thrown.failure === "context_overflow" ? "LLM overflow" : "LLM error";
    return { error: `${what}: ${thrown.message}`, reason: "failed" };
  }
  const { fault, message } = toWorkerError(thrown);
  switch (fault) {
    case "limit":
    case "budget":
    case "timeout":
    case "refused":
      return { error: message, reason: fault };
    case "provider":
    case "cancelled":
    case "bad_input":
    case "connection_lost":
    case "internal":
      return { error: message, reason: "failed" };
  }
}
