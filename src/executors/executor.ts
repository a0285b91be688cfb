// The contract of what runs behind a worker. Members: echo, runtime. Suite: tests/executors/contract.ts.
import type { Approval } from "../core/approval.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Outcome } from "../core/outcome.ts";

/**
 * Runs assignments, one at a time for each connection. `run` emits every event before it
 * settles, none after, and resolves with the one outcome; an abort ends it as `cancelled`
 * within 200 ms. It never rejects but for a bug.
 */
export interface Executor {
  run(request: RunRequest, io: RunIo, signal: AbortSignal): Promise<Outcome>;
  /** Nobody will answer what the last run was suspended with: it is dropped. */
  drop?(): void;
}

export type RunRequest = {
  readonly assignment: string;
  readonly reasoningEffort?: string | undefined;
  /** History as it came: entries that are no message are dropped by the reader. */
  readonly messages: readonly unknown[];
  /**
   * The assignment answers the question that the run before was suspended with, and goes on with
   * it. Any other run, and the end of the worker, drop what was suspended.
   */
  readonly isAnswer?: boolean | undefined;
};

export interface RunIo {
  /**
   * Resolves when the event has room, or the run has been stopped; the caller waits, so memory
   * stays bounded. Never rejects: a host that is gone stops the run.
   */
  emit(event: AgentEvent | BareComplete): Promise<void>;
  /** Asks the host. An abort makes it void. Never rejects. */
  approve(request: ApprovalRequest, signal: AbortSignal): Promise<Approval>;
  /** Texts that steer the run, in order; taken out by whoever reads them. */
  readonly steering: Steering;
}

/** The echo executor's last event carries no usage (wire: Echo). */
export type BareComplete = { readonly type: "complete" };

export type ApprovalRequest = {
  readonly tool_name: string;
  readonly permission: string;
  readonly resource: string;
};

export interface Steering {
  /**
   * Called with each text from now on, and at once with those that came before; one listener.
   */
  onText(listener: (text: string) => void): void;
}
