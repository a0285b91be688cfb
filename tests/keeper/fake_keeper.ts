// A keeper without a process: the test says its lines and reads those of the client.
import { LineSplitter } from "../../src/base/lines.ts";
import type { KeeperPipes } from "../../src/keeper/client.ts";
import { encodeLine } from "../../src/keeper/encode_line.ts";
import {
  decodeLine,
  MAX_LINE_BYTES,
  type ToHands,
  type ToKeeper,
  toKeeperSchema,
} from "../../src/keeper/messages.ts";
import { settle } from "../support/fake_clock.ts";

export class FakeKeeper {
  readonly heard: ToKeeper[] = [];
  /** How its process ended. */
  end: "left" | "killed" | undefined;
  /** Whether it leaves when its input ends. */
  readonly #isObedient: boolean;
  readonly #ended = Promise.withResolvers<void>();
  readonly #output = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {
    highWaterMark: Infinity,
  });
  readonly #writer = this.#output.writable.getWriter();

  constructor({ isObedient = true }: { readonly isObedient?: boolean } = {}) {
    this.#isObedient = isObedient;
  }

  get pipes(): KeeperPipes {
    const lines = new LineSplitter({ maxBytes: MAX_LINE_BYTES });
    return {
      pid: 4711,
      input: new WritableStream({
        write: (chunk) => {
          for (const line of lines.push(chunk)) this.heard.push(decodeLine(toKeeperSchema, line));
        },
        close: () => {
          if (this.#isObedient) this.leave();
        },
      }),
      output: this.#output.readable,
      ended: this.#ended.promise,
      kill: () => this.leave("killed"),
    };
  }

  async say(...messages: ToHands[]): Promise<void> {
    for (const message of messages) await this.write(encodeLine(message));
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#writer.write(bytes).catch(() => {/* the client has stopped listening */});
    await settle();
  }

  leave(end: "left" | "killed" = "left"): void {
    this.end ??= end;
    this.#writer.close().catch(() => {/* it has ended already, or nobody listens */});
    this.#ended.resolve();
  }
}
