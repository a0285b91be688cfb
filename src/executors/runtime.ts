// The agent behind the executor contract: one run is one call to the agent compartment.
import { messageOf } from "../core/errors.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Outcome } from "../core/outcome.ts";
import type { ApprovalRequest, Executor, RunIo, RunRequest } from "./executor.ts";

/** What the runtime asks of the agent compartment. */
export interface AgentDoor {
  run(
    runId: number,
    request: RunRequest,
    signal: AbortSignal,
  ): Promise<Outcome>;
  steer(runId: number, text: string): void;
}

/** Where the agent's events and questions of a run go; unknown runs have ended. */
export class RunTable {
  readonly #runs = new Map<number, { readonly io: RunIo; readonly signal: AbortSignal }>();
  #lastId = 0;

  open(io: RunIo, signal: AbortSignal): number {
    this.#runs.set(++this.#lastId, { io, signal });
    return this.#lastId;
  }

  close(runId: number): void {
    this.#runs.delete(runId);
  }

  async emit(runId: number, event: AgentEvent): Promise<void> {
    await this.#runs.get(runId)?.io.emit(event);
  }

  async approve(runId: number, request: ApprovalRequest, signal: AbortSignal): Promise<boolean> {
    return await this.#runs.get(runId)?.io.approve(request, signal) ?? false;
  }
}

export class RuntimeExecutor implements Executor {
  readonly #agent: AgentDoor;
  readonly #runs: RunTable;

  constructor(agent: AgentDoor, runs: RunTable) {
    this.#agent = agent;
    this.#runs = runs;
  }

  async run(request: RunRequest, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    const runId = this.#runs.open(io, signal);
    io.steering.onText((text) => this.#agent.steer(runId, text));
    try {
      return await this.#agent.run(runId, request, signal);
    } catch (thrown) {
      if (signal.aborted) return { status: "cancelled" };
      return { status: "error", error: messageOf(thrown), reason: "failed" };
    } finally {
      this.#runs.close(runId);
    }
  }
}
