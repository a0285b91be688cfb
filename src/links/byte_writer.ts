// Writes to a connection what was appended, many appends in one write; what the bytes are is the framing's.
import { ByteBuffer } from "../base/byte_buffer.ts";
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { type ByteConnection, hangUp } from "./byte_connection.ts";
import { HIGH_WATER_BYTES } from "./limits.ts";
import { Room } from "./room.ts";

export class ByteWriter {
  readonly #connection: ByteConnection;
  readonly #room: Room;
  #filling = new ByteBuffer();
  #leaving = new ByteBuffer();
  #state: WriterState = { type: "idle" };
  #drained: Promise<void> = Promise.resolve();
  readonly #failed = Promise.withResolvers<void>();

  constructor(connection: ByteConnection, options: { readonly clock: Clock }) {
    this.#connection = connection;
    this.#room = new Room({ clock: options.clock, onStall: (error) => this.#fail(error) });
  }

  /** Where the next bytes are to be appended; ask anew each time. */
  get buffer(): ByteBuffer {
    return this.#filling;
  }

  /** Settles when nothing is left to write, or writing has failed. Never rejects. */
  get flushed(): Promise<void> {
    return Promise.race([this.#drained, this.#failed.promise]);
  }

  /** Sends what was appended. Settles as FrameLink.send does. */
  push(): Promise<void> | undefined {
    if (this.#state.type === "failed") {
      this.#filling.clear();
      return Promise.reject(this.#state.error);
    }
    if (this.#state.type === "idle") this.#drained = this.#drain();
    return this.#filling.length < HIGH_WATER_BYTES ? undefined : this.#room.wait();
  }

  async #drain(): Promise<void> {
    this.#state = { type: "writing" };
    while (this.#state.type === "writing" && this.#filling.length > 0) {
      [this.#filling, this.#leaving] = [this.#leaving, this.#filling];
      this.#room.open();
      await this.#writeAll(this.#leaving.filled);
      this.#leaving.clear();
    }
    if (this.#state.type === "writing") this.#state = { type: "idle" };
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        done += await this.#connection.write(bytes.subarray(done));
        this.#room.noteMove();
      }
    } catch (cause) {
      const text = "Cannot send: the connection has ended";
      this.#fail(new WorkerError("connection_lost", text, { cause }));
    }
  }

  #fail(error: WorkerError): void {
    if (this.#state.type === "failed") return;
    this.#state = { type: "failed", error };
    this.#filling.clear();
    this.#failed.resolve();
    this.#room.fail(error);
    hangUp(this.#connection);
  }
}

type WriterState =
  | { readonly type: "idle" }
  | { readonly type: "writing" }
  | { readonly type: "failed"; readonly error: WorkerError };
