// A host for the tests of serving: the far end of a link, and executors that do as they are told.
import type { Clock } from "../../src/base/clock.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Executor, RunIo, RunRequest } from "../../src/executors/executor.ts";
import type { FrameLink } from "../../src/links/frame_link.ts";
import { decodeChildFrame } from "../../src/protocol/frames.ts";
import { encodeFrame } from "../../src/protocol/encode.ts";
import type { ChildFrame, ParentFrame, TerminalFrame } from "../../src/protocol/frames.ts";
import type { ServingOptions } from "../../src/serving/connection.ts";
import { RequestIds } from "../../src/serving/request_ids.ts";
import { settle } from "../support/fake_clock.ts";

/** Reads all the time. */
export class Host {
  readonly frames: ChildFrame[] = [];
  readonly link: FrameLink;
  readonly ended: Promise<void>;

  constructor(link: FrameLink) {
    this.link = link;
    this.ended = this.#read();
  }

  async send(...frames: (ParentFrame | string)[]): Promise<void> {
    for (const frame of frames) {
      await this.link.send(typeof frame === "string" ? frame : encodeFrame(frame));
    }
    await settle();
  }

  get terminals(): TerminalFrame[] {
    return this.frames.filter((frame) => frame.kind === "terminal");
  }

  /** Frames in short: an event's content or type, a request's id, a terminal's status. */
  get story(): string[] {
    return this.frames.map(tell);
  }

  async close(): Promise<void> {
    await this.link.close();
    await settle();
  }

  async #read(): Promise<void> {
    for await (const text of this.link.frames) this.frames.push(decodeChildFrame(text));
  }
}

export function tell(frame: ChildFrame): string {
  switch (frame.kind) {
    case "event":
      return JSON.stringify(frame.event).match(/"content":"(.*)"/)?.[1] ?? "complete";
    case "approval_request":
    case "subagent_request":
      return frame.id;
    case "terminal":
      return frame.status;
  }
}

export function run(assignment: string): ParentFrame {
  return { kind: "run", assignment };
}

export function token(content: string): { type: "token"; content: string } {
  return { type: "token", content };
}

/** A run that was started, in the test's hands. */
export type Started = {
  readonly request: RunRequest;
  readonly io: RunIo;
  readonly signal: AbortSignal;
  end(outcome: Outcome): void;
  fail(error: Error): void;
};

/** Starts runs and leaves everything else to the test; an abort alone ends nothing. */
export class HeldExecutor implements Executor {
  readonly started: Started[] = [];
  drops = 0;

  drop(): void {
    this.drops++;
  }

  run(request: RunRequest, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.started.push({ request, io, signal, end: resolve, fail: reject });
    return promise;
  }

  get last(): Started {
    const last = this.started.at(-1);
    if (last === undefined) throw new TypeError("no run was started");
    return last;
  }
}

export type LoggedOptions = ServingOptions & { readonly logged: readonly string[] };

export function servingOptions(executor: Executor, clock: Clock): LoggedOptions {
  const logged: string[] = [];
  const log = (text: string) => void logged.push(text);
  return { executor, clock, requestIds: new RequestIds(), log, logged };
}
