// One request as the audit log is to tell it: counted as it passes, told once when it is over.
import type { Egress } from "../core/egress.ts";

export type Destination = Pick<Egress, "route" | "host" | "method">;

/** Over when it is disposed, or the body that passed through it has ended. */
export class Traffic implements Disposable {
  readonly #destination: Destination;
  readonly #tell: (egress: Egress) => void;
  #status: number | undefined;
  #sent = 0;
  #received = 0;
  #isOpen = true;

  constructor(destination: Destination, tell: (egress: Egress) => void) {
    this.#destination = destination;
    this.#tell = tell;
  }

  answered(status: number): void {
    this.#status = status;
  }

  sent(bytes: number): void {
    this.#sent += bytes;
  }

  received(bytes: number): void {
    this.#received += bytes;
  }

  /** The same body, chunk for chunk. */
  through(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader();
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) {
            this[Symbol.dispose]();
            return controller.close();
          }
          this.received(value.length);
          controller.enqueue(value);
        } catch (thrown) {
          this[Symbol.dispose]();
          controller.error(thrown);
        }
      },
      cancel: async (reason) => {
        this[Symbol.dispose]();
        await reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#tell({
      ...this.#destination,
      status: this.#status,
      bytes_sent: this.#sent,
      bytes_received: this.#received,
    });
  }
}
