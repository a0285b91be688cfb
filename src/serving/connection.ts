// Serves one host on one link: run after run, until one side ends it (wire: Connection semantics).
import type { Clock } from "../base/clock.ts";
import { toWorkerError, WorkerError } from "../core/errors.ts";
import type { Executor, RunRequest } from "../executors/executor.ts";
import type { FrameLink } from "../links/frame_link.ts";
import type { ParentFrame } from "../protocol/frames.ts";
import type { RequestIds } from "./request_ids.ts";
import { Run } from "./run.ts";

/** A host whose first frame has come. */
export type Connection = {
  readonly link: FrameLink;
  /** From the first on; takes the place of the link's frames. */
  readonly frames: AsyncIterable<ParentFrame>;
};

export type ServingOptions = {
  readonly executor: Executor;
  readonly clock: Clock;
  /** One for the process. */
  readonly requestIds: RequestIds;
  /** A line for the log, at most a few for each connection. */
  readonly log: (text: string) => void;
};

/**
 * Resolves when the connection has ended, its run too, and the link is closed. An abort stops the
 * run: with a WorkerError of fault `cancelled` as its reason as a cancelled one, else as one that
 * failed with that reason's text. Never rejects.
 */
export async function serveConnection(
  connection: Connection,
  options: ServingOptions,
  signal: AbortSignal,
): Promise<void> {
  const session = new Session(connection.link, options);
  const abort = () => session.end(toWorkerError(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    for await (const frame of connection.frames) await session.take(frame);
  } finally {
    signal.removeEventListener("abort", abort);
    await session.lose();
  }
}

/** What one host has going on. */
class Session {
  readonly #link: FrameLink;
  readonly #options: ServingOptions;
  readonly #leaving = new AbortController();
  #isLost = false;
  #state: SessionState = { type: "idle" };

  constructor(link: FrameLink, options: ServingOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** Resolves when the next frame may be taken; a run that replaces another has then begun. */
  async take(frame: ParentFrame): Promise<void> {
    switch (frame.kind) {
      case "run":
        return await this.#start({
          assignment: frame.assignment,
          reasoningEffort: frame.reasoning_effort,
          messages: frame.messages ?? [],
        });
      case "cancel":
        return this.#cancel();
      case "message":
        return await this.#message(frame.text);
      case "approval_reply":
        return this.#current()?.answer(frame.id, frame.approved === true);
      case "subagent_reply":
        return; // nothing was asked: workers send no subagent_request
    }
  }

  /** The host is gone: nobody is left to approve anything. */
  lose(): Promise<void> {
    this.#isLost = true;
    return this.end(new WorkerError("cancelled", "The host has gone"));
  }

  /** Stops the run, waits for its terminal frame, closes the link. Repeated, it waits as well. */
  end(why: WorkerError): Promise<void> {
    if (this.#state.type === "ended") return this.#state.closing;
    const run = this.#current();
    run?.stop(why);
    this.#leaving.abort();
    const closing = Promise.resolve(run?.done).then(() => {
      this.#options.executor.drop?.();
      return this.#link.close();
    });
    this.#state = { type: "ended", closing };
    return closing;
  }

  async #start(request: RunRequest): Promise<void> {
    if (this.#state.type === "ended") return;
    const before = this.#current();
    before?.stop(new WorkerError("cancelled", "Superseded by another run"));
    const run = new Run(request, {
      ...this.#options,
      link: this.#link,
      leaving: this.#leaving.signal,
      isLost: () => this.#isLost,
      after: Promise.resolve(before?.done),
    });
    this.#state = { type: "running", run };
    this.#finish(run);
    // Frames wait meanwhile, so no more than one run ever stands in line.
    await before?.done;
  }

  async #finish(run: Run): Promise<void> {
    const { status } = await run.done;
    if (this.#current() !== run) return;
    this.#state = { type: status === "suspended" ? "suspended" : "idle" };
    // Said before the host saw the end of a run that had asked.
    for (const text of status === "suspended" ? run.saidSince : []) await this.#message(text);
  }

  #cancel(): void {
    if (this.#state.type === "suspended") {
      this.#state = { type: "idle" };
      this.#options.executor.drop?.();
    }
    this.#current()?.stop(new WorkerError("cancelled", "Cancelled by the host"));
  }

  async #message(text: string): Promise<void> {
    if (this.#state.type === "running") this.#state.run.steer(text);
    if (this.#state.type !== "suspended") return;
    await this.#start({ assignment: text, messages: [], isAnswer: true });
  }

  #current(): Run | undefined {
    return this.#state.type === "running" ? this.#state.run : undefined;
  }
}

type SessionState =
  | { readonly type: "idle" }
  | { readonly type: "running"; readonly run: Run }
  /** The last run asked something: the next message answers it (decisions: answer_pauses). */
  | { readonly type: "suspended" }
  | { readonly type: "ended"; readonly closing: Promise<void> };
