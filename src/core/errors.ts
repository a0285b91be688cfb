// What can go wrong while a worker works, as one closed set.

const FAULTS = [
  "cancelled",
  "bad_input",
  "refused",
  "provider",
  "limit",
  "budget",
  "timeout",
  "connection_lost",
  "internal",
] as const;

/** Why a failure that a caller handles happened. */
export type Fault = (typeof FAULTS)[number];

/** Reads a fault that crossed a thread; one we do not know is a bug on the other side. */
export function toFault(name: string): Fault {
  return FAULTS.find((fault) => fault === name) ?? "internal";
}

/** A failure a caller is expected to handle. Bugs are plain TypeErrors. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  constructor(readonly fault: Fault, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The one place where anything thrown becomes a WorkerError. */
export function toWorkerError(thrown: unknown): WorkerError {
  if (thrown instanceof WorkerError) return thrown;
  const aborted = thrown instanceof DOMException && thrown.name === "AbortError";
  return new WorkerError(aborted ? "cancelled" : "internal", messageOf(thrown), { cause: thrown });
}

/** The text of anything thrown, never its stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
