// Who among those that connect is a host: whoever sends a valid frame in time. Others come and go unserved.
import type { Clock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import type { FrameLink } from "../links/frame_link.ts";
import type { FrameListener } from "../links/frame_listener.ts";
import type { ParentFrame } from "../protocol/frames.ts";
import type { Connection } from "./connection.ts";
import { readParentFrames } from "./parent_frames.ts";

/** From the upgrade to the first valid frame. */
const GREETING_MS = 10_000;
/** Links without a valid frame yet. One more ends the oldest of them, so that mute ones block nobody. */
const MAX_GREETING = 16;
/** Hosts waiting for their turn; the newest over this is refused. */
const MAX_QUEUED = 16;

export type AdmissionOptions = {
  readonly clock: Clock;
  readonly log: (text: string) => void;
};

/** Takes links from its creation until it is closed, and closes those it has not handed out. */
export class Admission implements AsyncDisposable {
  readonly #listener: FrameListener;
  readonly #options: AdmissionOptions;
  readonly #greeting = new Set<FrameLink>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #queue: Connection[] = [];
  readonly #closing = new AbortController();
  readonly #accepting: Promise<void>;
  #arrival = Promise.withResolvers<void>();

  constructor(listener: FrameListener, options: AdmissionOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#accepting = this.#acceptAll();
  }

  /** The next host; undefined if none came within `ms`. Rejects with the abort reason. */
  async next(
    options: { readonly ms: number },
    signal: AbortSignal,
  ): Promise<Connection | undefined> {
    const found = new AbortController();
    const stop = AbortSignal.any([signal, found.signal]);
    const isOver = this.#options.clock.sleep(options.ms, stop).then(() => true);
    isOver.catch(() => {/* aborted, which the race below tells, or found in time */});
    try {
      while (this.#queue.length === 0) {
        const isArrived = this.#arrival.promise.then(() => false);
        if (await Promise.race([isArrived, isOver])) return undefined;
        this.#arrival = Promise.withResolvers();
      }
      return this.#queue.shift();
    } finally {
      found.abort();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listener.close();
    await this.#accepting;
    const left = [...this.#greeting, ...this.#queue.splice(0).map(({ link }) => link)];
    await Promise.all([...left.map((link) => link.close()), ...this.#tasks]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #acceptAll(): Promise<void> {
    for await (const link of this.#listener.accept()) {
      const [oldest] = this.#greeting;
      if (oldest !== undefined && this.#greeting.size >= MAX_GREETING) this.#turnAway(oldest);
      this.#greeting.add(link);
      this.#keep(this.#greet(link));
    }
  }

  async #greet(link: FrameLink): Promise<void> {
    const frames = readParentFrames(link, this.#options.log);
    const first = frames.next();
    const { clock } = this.#options;
    if (!await settlesWithin(first, { ms: GREETING_MS, clock })) this.#turnAway(link);
    const { done, value } = await first;
    const isHost = done !== true && this.#greeting.delete(link);
    if (!isHost || this.#queue.length >= MAX_QUEUED || this.#closing.signal.aborted) {
      return this.#turnAway(link);
    }
    this.#queue.push({ link, frames: startingWith(value, frames) });
    this.#arrival.resolve();
  }

  #turnAway(link: FrameLink): void {
    this.#greeting.delete(link);
    this.#keep(link.close());
  }

  #keep(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }
}

async function* startingWith(
  first: ParentFrame,
  rest: AsyncIterable<ParentFrame>,
): AsyncGenerator<ParentFrame> {
  yield first;
  yield* rest;
}
