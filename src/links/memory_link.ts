// Two ends of a link inside one process: how everything above links is tested.
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import type { FrameLink } from "./frame_link.ts";
import { Room } from "./room.ts";
import { TextQueue } from "./text_queue.ts";

/** A linked pair: what one end sends, the other reads. */
export function memoryLinks(options: { readonly clock: Clock }): readonly [FrameLink, FrameLink] {
  const onStall = (error: WorkerError) => [there, back].forEach((lane) => lane.cut(error));
  const [there, back] = [new Lane(options.clock, onStall), new Lane(options.clock, onStall)];
  return [new MemoryLink(there, back), new MemoryLink(back, there)];
}

/** One direction. */
class Lane {
  readonly #room: Room;
  readonly texts: TextQueue;
  readonly #ended = Promise.withResolvers<void>();
  readonly ended: Promise<void> = this.#ended.promise;

  constructor(clock: Clock, onStall: (error: WorkerError) => void) {
    this.#room = new Room({ clock, onStall });
    this.texts = new TextQueue(this.#room);
  }

  send(text: string): Promise<void> | undefined {
    if (this.texts.isEnded) return Promise.reject(goneError());
    this.texts.put(text);
    return this.texts.isFull ? this.#room.wait() : undefined;
  }

  /** No more goes in; what is in it can be read. */
  end(): void {
    this.texts.end();
    this.#room.fail(goneError());
    this.#ended.resolve();
  }

  /** Nothing in it will be read. */
  cut(error: WorkerError): void {
    this.#room.fail(error);
    this.texts.discard();
    this.#ended.resolve();
  }
}

class MemoryLink implements FrameLink {
  readonly #outgoing: Lane;
  readonly #incoming: Lane;
  readonly closed: Promise<void>;

  constructor(outgoing: Lane, incoming: Lane) {
    this.#outgoing = outgoing;
    this.#incoming = incoming;
    this.closed = Promise.race([outgoing.ended, incoming.ended]);
  }

  get frames(): AsyncIterable<string> {
    return this.#incoming.texts;
  }

  send(text: string): Promise<void> | undefined {
    return this.#outgoing.send(text);
  }

  close(): Promise<void> {
    this.#outgoing.end();
    this.#incoming.cut(goneError());
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function goneError(): WorkerError {
  return new WorkerError("connection_lost", "Cannot send: the connection has ended");
}
