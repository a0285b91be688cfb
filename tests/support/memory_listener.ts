// A place where peers connect without sockets.
import type { Clock } from "../../src/base/clock.ts";
import type { FrameLink } from "../../src/links/frame_link.ts";
import type { FrameListener } from "../../src/links/frame_listener.ts";
import { memoryLinks } from "../../src/links/memory_link.ts";

export class MemoryListener implements FrameListener {
  readonly endpoint = "memory";
  readonly #clock: Clock;
  readonly #waiting: FrameLink[] = [];
  #arrival = Promise.withResolvers<void>();
  isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The host's end of a new connection. */
  connect(): FrameLink {
    const [host, worker] = memoryLinks({ clock: this.#clock });
    this.#waiting.push(worker);
    this.#arrival.resolve();
    return host;
  }

  async *accept(): AsyncGenerator<FrameLink> {
    while (!this.isClosed) {
      const link = this.#waiting.shift();
      if (link !== undefined) yield link;
      else {
        await this.#arrival.promise;
        this.#arrival = Promise.withResolvers();
      }
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.#arrival.resolve();
    await Promise.all(this.#waiting.splice(0).map((link) => link.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
