// Reads one stream of a program as text up to a limit; what happens with the text is the caller's.
import type { Clock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";

/** After the program's end: a pipe on which nothing comes for so long is held by somebody else. */
const QUIET_MS = 200;
/** After the program's end: what still comes after so many looks comes from somebody else. */
const MAX_LOOKS = 5;
/** After the program's end: more than a pipe can hold comes from somebody else. */
const LEFT_BYTES = 1024 * 1024;

export type OutputPumpOptions = {
  /** Most bytes passed on; undefined passes all on. */
  readonly maxBytes: number | undefined;
  /** Waited for before more is read. */
  readonly pass: (text: string) => Promise<void>;
  readonly clock: Clock;
};

export class OutputPump {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #options: OutputPumpOptions;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #done: Promise<void>;
  #left: number;
  #isCut = false;
  #isWaiting = false;
  #reads = 0;
  /** Bytes that may still be read; counts only after the program's end. */
  #allowance = Infinity;

  constructor(stream: ReadableStream<Uint8Array>, options: OutputPumpOptions) {
    this.#reader = stream.getReader();
    this.#options = options;
    this.#left = options.maxBytes ?? Infinity;
    this.#done = this.#run();
  }

  /**
   * To be called when the program has ended: resolves once what it left in the pipe was passed on,
   * and does not wait for others that hold the pipe. True when there was more than `maxBytes`.
   */
  async finish(): Promise<boolean> {
    this.#allowance = LEFT_BYTES;
    let looks = 0;
    for (;;) {
      const before = this.#reads;
      const isDone = await settlesWithin(this.#done, { ms: QUIET_MS, clock: this.#options.clock });
      if (isDone) return this.#isCut;
      // Else it is the taker of the text who needs the time.
      if (!this.#isWaiting) continue;
      looks++;
      if (this.#reads === before || looks === MAX_LOOKS) await this.#reader.cancel();
    }
  }

  async #run(): Promise<void> {
    while (this.#allowance > 0) {
      this.#isWaiting = true;
      const { value } = await this.#reader.read();
      this.#isWaiting = false;
      if (value === undefined) break;
      this.#reads++;
      this.#allowance -= value.length;
      await this.#take(value);
    }
    if (!this.#isCut) await this.#pass(this.#decoder.decode());
    await this.#reader.cancel();
  }

  async #take(bytes: Uint8Array): Promise<void> {
    if (this.#isCut) return;
    const kept = bytes.subarray(0, this.#left);
    this.#left -= kept.length;
    this.#isCut = kept.length < bytes.length;
    // Half a character at the cut stays in the decoder and is dropped with the rest.
    await this.#pass(this.#decoder.decode(kept, { stream: true }));
  }

  async #pass(text: string): Promise<void> {
    if (text !== "") await this.#options.pass(text);
  }
}
