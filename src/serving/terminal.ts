// What the host is told at the end of a run.
import type { WorkerError } from "../core/errors.ts";
import type { FailureReason, Outcome } from "../core/outcome.ts";
import type { TerminalFrame } from "../protocol/frames.ts";

/**
 * `stop` is why the run was stopped, if it was: a run that ended for it is told as cancelled, or as
 * failed with its text when it was stopped for a fault.
 */
export function terminalFrame(outcome: Outcome, stop: WorkerError | undefined): TerminalFrame {
  const { status, result } = outcome;
  const kind = "terminal";
  switch (status) {
    case "completed":
    case "suspended":
      return { kind, status, result };
    case "cancelled":
      return stop === undefined || stop.fault === "cancelled"
        ? { kind, status, result }
        : { kind, status: "error", result, error: stop.message, reason: reasonOf(stop) };
    case "error":
      return { kind, status, result, error: outcome.error, reason: outcome.reason };
  }
}

function reasonOf({ fault }: WorkerError): FailureReason {
  switch (fault) {
    case "limit":
    case "budget":
    case "timeout":
    case "refused":
      return fault;
    case "cancelled":
    case "bad_input":
    case "provider":
    case "connection_lost":
    case "internal":
      return "failed";
  }
}
