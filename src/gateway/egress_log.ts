// All requests under way, so that each is told to whoever keeps the log, and none of them waits for it.
import { abortable } from "../base/abortable.ts";
import type { Egress } from "../core/egress.ts";
import { type Destination, Traffic } from "./traffic.ts";

/** Resolves when there is room for more. */
type Tell = (egress: Egress) => Promise<void>;

export class EgressLog {
  readonly #tell: Tell;
  readonly #open = new Set<Traffic>();
  #room: Promise<void> = Promise.resolve();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** To be awaited before a request, so that what is told and not yet taken stays bounded. */
  room(signal: AbortSignal): Promise<void> {
    return abortable(this.#room, signal);
  }

  begin(destination: Destination): Traffic {
    const traffic = new Traffic(destination, (egress) => {
      this.#open.delete(traffic);
      this.#room = this.#tell(egress);
      this.#room.catch(() => {/* whoever awaits room next is told */});
    });
    this.#open.add(traffic);
    return traffic;
  }

  /** Tells what is under way as it stands: the process ends. */
  [Symbol.dispose](): void {
    for (const traffic of this.#open) traffic[Symbol.dispose]();
  }
}
