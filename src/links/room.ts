// Senders waiting until a full queue has room; whose queue it is stays with its owner.
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { STALL_MS } from "./limits.ts";

/** Every wait ends: room, failure, or (with a watch) a reader that stalled. */
export class Room {
  #waiting: PromiseWithResolvers<void> | undefined;
  #timer = new AbortController();
  #moves = 0;
  readonly #watch: RoomWatch | undefined;

  constructor(watch?: RoomWatch) {
    this.#watch = watch;
  }

  /** Settles with the next `open` or `fail`; one promise for all who wait. */
  wait(): Promise<void> {
    if (this.#waiting === undefined) {
      this.#waiting = Promise.withResolvers();
      if (this.#watch !== undefined) this.#watchOver(this.#watch);
    }
    return this.#waiting.promise;
  }

  /** The reader took something, though not enough to make room. */
  noteMove(): void {
    this.#moves++;
  }

  open(): void {
    this.#end()?.resolve();
  }

  fail(error: WorkerError): void {
    this.#end()?.reject(error);
  }

  #end(): PromiseWithResolvers<void> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#timer.abort();
    return waiting;
  }

  async #watchOver(watch: RoomWatch): Promise<void> {
    this.#timer = new AbortController();
    const { signal } = this.#timer;
    try {
      for (let seen = -1; seen !== this.#moves;) {
        seen = this.#moves;
        await watch.clock.sleep(STALL_MS, signal);
      }
    } catch {
      return; // the wait ended by itself
    }
    const text = `Cannot send: the peer has read nothing for ${STALL_MS / 1000} s`;
    watch.onStall(new WorkerError("connection_lost", text));
  }
}

/** `onStall` has to fail the room, among other things. */
export type RoomWatch = {
  readonly clock: Clock;
  readonly onStall: (error: WorkerError) => void;
};
