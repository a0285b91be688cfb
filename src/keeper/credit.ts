// How many output messages of one program may still be sent before the reader has taken some.
import { OUTPUT_CREDIT } from "./messages.ts";

export class Credit {
  #left = OUTPUT_CREDIT;
  #more: PromiseWithResolvers<void> | undefined;

  /** Takes one; resolves when there was one. */
  async take(): Promise<void> {
    while (this.#left === 0) {
      this.#more ??= Promise.withResolvers();
      await this.#more.promise;
    }
    this.#left--;
  }

  give(count: number): void {
    this.#left += count;
    this.#more?.resolve();
    this.#more = undefined;
  }
}
