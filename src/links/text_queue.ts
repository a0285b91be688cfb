// Texts between one who puts them and one who reads them, with a bound that is the putter's to keep.
import { HIGH_WATER_BYTES } from "./limits.ts";
import type { Room } from "./room.ts";

/** Read once, by one reader. Ends after `end`, when what was put before has been read. */
export class TextQueue implements AsyncIterable<string> {
  #texts: string[] = [];
  #size = 0;
  #arrival: PromiseWithResolvers<void> | undefined;
  #isEnded = false;
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whoever puts waits for `room` while this is so. */
  get isFull(): boolean {
    return this.#size >= HIGH_WATER_BYTES;
  }

  put(text: string): void {
    this.#texts.push(text);
    this.#size += text.length;
    this.#arrival?.resolve();
  }

  end(): void {
    this.#isEnded = true;
    this.#arrival?.resolve();
  }

  /** Ends without what has not been read. */
  discard(): void {
    this.#take();
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      if (this.#texts.length > 0) yield* this.#take();
      else if (this.#isEnded) return;
      else await this.#nextArrival();
    }
  }

  #take(): string[] {
    const texts = this.#texts;
    this.#texts = [];
    this.#size = 0;
    this.#room.open();
    return texts;
  }

  async #nextArrival(): Promise<void> {
    this.#arrival = Promise.withResolvers();
    await this.#arrival.promise;
    this.#arrival = undefined;
  }
}
