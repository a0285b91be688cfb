// One run for a host: its events and approvals on the way out, and its one terminal frame at the end.
import { abortable } from "../base/abortable.ts";
import type { Clock } from "../base/clock.ts";
import { Pending } from "../base/pending.ts";
import { type Approval, APPROVAL_SECS } from "../core/approval.ts";
import { messageOf, toWorkerError, WorkerError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type { ApprovalRequest, Executor, RunIo, RunRequest } from "../executors/executor.ts";
import type { FrameLink } from "../links/frame_link.ts";
import { encodeFrame } from "../protocol/encode.ts";
import type { ChildFrame, TerminalFrame } from "../protocol/frames.ts";
import { Inbox } from "./inbox.ts";
import type { RequestIds } from "./request_ids.ts";
import { terminalFrame } from "./terminal.ts";

/** A stopped executor that has not ended after this is left behind: the host gets its terminal frame. */
const GRACE_MS = 5_000;
const CANCELLED: Outcome = { status: "cancelled" };
const HAS_ROOM = Promise.resolve();

export type RunOptions = {
  readonly link: FrameLink;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly requestIds: RequestIds;
  readonly log: (text: string) => void;
  /** The run starts when this has settled; it never rejects. */
  readonly after: Promise<unknown>;
  /** Aborted when the link is about to be closed: then nobody waits for room in it. */
  readonly leaving: AbortSignal;
  /** Whether the host is gone. */
  readonly isLost: () => boolean;
};

/** Starts by itself. However it ends, it sends one terminal frame, after all else it sends. */
export class Run {
  readonly #options: RunOptions;
  readonly #stop = new AbortController();
  readonly #approvals = new Pending<string, "allowed" | "denied">();
  readonly #inbox = new Inbox();
  #state: RunState = { type: "open" };
  /** Whether it has asked something: what the host says from then on answers that. */
  #hasAsked = false;
  readonly #said: string[] = [];
  /** Settles when the terminal frame is on its way. Never rejects. */
  readonly done: Promise<Outcome>;

  constructor(request: RunRequest, options: RunOptions) {
    this.#options = options;
    this.done = this.#perform(request);
  }

  /** The first reason counts. */
  stop(why: WorkerError): void {
    this.#stop.abort(why);
  }

  /** What the host has said since the run asked something. */
  get saidSince(): readonly string[] {
    return this.#said;
  }

  steer(text: string): void {
    if (this.#hasAsked) this.#said.push(text);
    else if (!this.#inbox.put(text)) {
      this.#options.log("Dropped a message of the host: too many wait");
    }
  }

  /** An id that is not open is ignored: unknown, answered before, or of another run. */
  answer(id: string, isApproved: boolean): void {
    this.#approvals.resolve(id, isApproved ? "allowed" : "denied");
  }

  async #perform(request: RunRequest): Promise<Outcome> {
    await this.#options.after;
    const outcome = this.#unlessStopped(await this.#execute(request));
    this.#state = { type: "over" };
    this.#approvals.close(new WorkerError("cancelled", "The run has ended"));
    const stop = this.#stop.signal.aborted ? toWorkerError(this.#stop.signal.reason) : undefined;
    await this.#sendTerminal(terminalFrame(outcome, stop));
    return outcome;
  }

  /** A run that was stopped while it asked does not wait for an answer. */
  #unlessStopped(outcome: Outcome): Outcome {
    if (outcome.status !== "suspended" || !this.#stop.signal.aborted) return outcome;
    this.#options.executor.drop?.();
    return CANCELLED;
  }

  async #execute(request: RunRequest): Promise<Outcome> {
    const { signal } = this.#stop;
    if (signal.aborted) return CANCELLED;
    const ended = new AbortController();
    try {
      const running = this.#options.executor.run(request, this.#io(), signal);
      return await Promise.race([running, this.#overdue(ended.signal)]);
    } catch (error) {
      return { status: "error", error: messageOf(error), reason: "failed" };
    } finally {
      ended.abort();
    }
  }

  async #overdue(ended: AbortSignal): Promise<Outcome> {
    await onceAborted(AbortSignal.any([this.#stop.signal, ended]));
    await this.#options.clock.sleep(GRACE_MS, ended);
    this.#options.log(`Left a run behind that had not ended ${GRACE_MS / 1_000} s after its stop`);
    return CANCELLED;
  }

  #io(): RunIo {
    return {
      emit: (event) => {
        this.#hasAsked ||= event.type === "need_clarification";
        return this.#send({ kind: "event", event });
      },
      approve: (request, signal) => this.#approve(request, signal),
      steering: this.#inbox,
    };
  }

  async #approve(body: ApprovalRequest, signal: AbortSignal): Promise<Approval> {
    const id = this.#options.requestIds.next();
    const over = new AbortController();
    const stop = AbortSignal.any([signal, this.#stop.signal, over.signal]);
    const answered: Promise<Approval> = this.#approvals.wait(id, stop).catch(() => this.#unheard());
    const late = this.#lateness(stop);
    try {
      if (!stop.aborted) await this.#send({ kind: "approval_request", id, body });
      return await Promise.race([answered, late]);
    } finally {
      over.abort();
    }
  }

  async #lateness(stop: AbortSignal): Promise<Approval> {
    try {
      await this.#options.clock.sleep(APPROVAL_SECS * 1_000, stop);
      return "timed_out";
    } catch {
      return this.#unheard(); // the wait was ended before
    }
  }

  /** Of a request that nobody can answer any more. */
  #unheard(): Approval {
    return this.#options.isLost() ? "no_approver" : "void";
  }

  /** Resolves when there is room for more, or nobody waits for it any more. Never rejects. */
  #send(frame: ChildFrame): Promise<void> {
    if (this.#state.type === "over") return HAS_ROOM;
    const room = this.#options.link.send(encodeFrame(frame));
    if (room === undefined) return HAS_ROOM;
    return abortable(room, this.#stop.signal).catch((error) => {
      // A link that has ended tells it by the end of its frames; here only what is too large.
      if (error instanceof WorkerError && error.fault === "limit") this.stop(error);
    });
  }

  async #sendTerminal(frame: TerminalFrame): Promise<void> {
    const { link, leaving } = this.#options;
    try {
      const room = link.send(encodeFrame(frame));
      if (room !== undefined) await abortable(room, leaving);
    } catch (error) {
      if (!(error instanceof WorkerError) || error.fault !== "limit") return; // the host is gone
      const { message } = error;
      await this.#sendTerminal({
        kind: "terminal",
        status: "error",
        error: message,
        reason: "limit",
      });
    }
  }
}

type RunState = { readonly type: "open" } | { readonly type: "over" };

async function onceAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
