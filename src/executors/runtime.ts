// The agent behind the executor contract: one run is one call to the agent compartment.
import type { Clock } from "../base/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { Approval } from "../core/approval.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Outcome } from "../core/outcome.ts";
import type { ApprovalRequest, Executor, RunIo, RunRequest } from "./executor.ts";

/** What the runtime asks of the agent compartment. */
export interface AgentDoor {
  run(runId: number, request: RunRequest): Promise<Outcome>;
  steer(runId: number, text: string): void;
  /** The run then ends soon, with the text it has so far. */
  cancel(runId: number): void;
  /** What is suspended will not be answered. */
  drop(): void;
}

/** An agent that does not end a cancelled run by then is not waited for. */
const CANCEL_MS = 150;
const NEVER = new AbortController().signal;

/** Where the agent's events and questions of a run go; unknown runs have ended. */
export class RunTable {
  readonly #runs = new Map<number, RunIo>();
  #lastId = 0;

  open(io: RunIo): number {
    this.#runs.set(++this.#lastId, io);
    return this.#lastId;
  }

  close(runId: number): void {
    this.#runs.delete(runId);
  }

  async emit(runId: number, event: AgentEvent): Promise<void> {
    await this.#runs.get(runId)?.emit(event);
  }

  async approve(runId: number, request: ApprovalRequest, signal: AbortSignal): Promise<Approval> {
    return await this.#runs.get(runId)?.approve(request, signal) ?? "void";
  }
}

export class RuntimeExecutor implements Executor {
  readonly #agent: AgentDoor;
  readonly #runs: RunTable;
  readonly #clock: Clock;

  constructor(agent: AgentDoor, options: { readonly runs: RunTable; readonly clock: Clock }) {
    this.#agent = agent;
    this.#runs = options.runs;
    this.#clock = options.clock;
  }

  async run(request: RunRequest, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return { status: "cancelled" };
    const runId = this.#runs.open(io);
    io.steering.onText((text) => this.#agent.steer(runId, text));
    const cancelled = this.#cancelled(runId, signal);
    try {
      return await Promise.race([this.#agent.run(runId, request), cancelled]);
    } catch (thrown) {
      if (signal.aborted) return { status: "cancelled" };
      return { status: "error", error: messageOf(thrown), reason: "failed" };
    } finally {
      this.#runs.close(runId);
    }
  }

  drop(): void {
    this.#agent.drop();
  }

  /** Settles only after an abort: when the agent has had its time to end the run itself. */
  #cancelled(runId: number, signal: AbortSignal): Promise<Outcome> {
    const late = Promise.withResolvers<Outcome>();
    signal.addEventListener("abort", () => {
      this.#agent.cancel(runId);
      const over = () => late.resolve({ status: "cancelled" });
      this.#clock.sleep(CANCEL_MS, NEVER).then(over);
    }, { once: true });
    return late.promise;
  }
}
