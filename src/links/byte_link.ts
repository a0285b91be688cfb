// A link over any stream of bytes: reading, bounded queues, closing. How frames look there is the framing's.
import type { Clock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { WorkerError } from "../core/errors.ts";
import { type ByteConnection, hangUp } from "./byte_connection.ts";
import { ByteWriter } from "./byte_writer.ts";
import type { FrameLink } from "./frame_link.ts";
import type { Framing } from "./framing.ts";
import { FLUSH_MS, LINGER_MS } from "./limits.ts";
import { Room } from "./room.ts";
import { TextQueue } from "./text_queue.ts";

const READ_BYTES = 64 * 1024;

export class ByteLink implements FrameLink {
  readonly #connection: ByteConnection;
  readonly #framing: Framing;
  readonly #clock: Clock;
  readonly #writer: ByteWriter;
  readonly #room = new Room();
  readonly #incoming = new TextQueue(this.#room);
  readonly #ended = Promise.withResolvers<void>();
  readonly closed: Promise<void> = this.#ended.promise;
  readonly #reading: Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(connection: ByteConnection, options: ByteLinkOptions) {
    this.#connection = connection;
    this.#framing = options.framing;
    this.#clock = options.clock;
    this.#writer = new ByteWriter(connection, options);
    this.#reading = this.#readAll(options.early);
  }

  get frames(): AsyncIterable<string> {
    return this.#incoming;
  }

  send(text: string): Promise<void> | undefined {
    if (this.#closing !== undefined) {
      const gone = "Cannot send: the connection was closed here";
      return Promise.reject(new WorkerError("connection_lost", gone));
    }
    try {
      this.#framing.write(text, this.#writer.buffer);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#writer.push();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #shutDown(): Promise<void> {
    this.#incoming.discard();
    this.#framing.end(this.#writer.buffer);
    this.#writer.push()?.catch(() => {/* the peer is gone, there is nobody to say goodbye to */});
    const isFlushed = await settlesWithin(this.#writer.flushed, {
      ms: FLUSH_MS,
      clock: this.#clock,
    });
    if (isFlushed) {
      const hungUp = this.#connection.closeWrite().then(() => this.#reading);
      await settlesWithin(hungUp, { ms: LINGER_MS, clock: this.#clock });
    }
    hangUp(this.#connection);
    this.#ended.resolve();
  }

  /** Reads to the end of the stream even when nobody listens any more: see LINGER_MS. */
  async #readAll(early: Uint8Array): Promise<void> {
    try {
      await this.#takeIn(early);
      const buffer = new Uint8Array(READ_BYTES);
      for (;;) {
        const count = await this.#connection.read(buffer);
        if (count === null) break;
        await this.#takeIn(buffer.subarray(0, count));
      }
    } catch {
      // Reset by the peer, or closed here.
    }
    this.#endIncoming();
  }

  async #takeIn(chunk: Uint8Array): Promise<void> {
    if (this.#incoming.isEnded) return;
    const replies = this.#writer.buffer;
    const before = replies.length;
    try {
      for (const text of this.#framing.read(chunk, replies)) this.#incoming.put(text);
    } catch {
      this.#endIncoming();
    }
    if (this.#framing.isOver) this.#endIncoming();
    // A peer that makes us answer but does not read waits like any other.
    if (replies.length > before) await this.#writer.push();
    if (this.#incoming.isFull) await this.#room.wait();
  }

  #endIncoming(): void {
    this.#incoming.end();
    this.#ended.resolve();
  }
}

export type ByteLinkOptions = {
  readonly framing: Framing;
  readonly clock: Clock;
  /** What was already read from the connection, such as bytes behind a handshake. */
  readonly early: Uint8Array;
};
