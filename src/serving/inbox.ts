// Texts that steer a run, kept until the run listens.
import type { Steering } from "../executors/executor.ts";

const MAX_TEXTS = 1_000;
const MAX_LENGTH = 16 * 1024 * 1024;

export class Inbox implements Steering {
  #waiting: string[] = [];
  #length = 0;
  #listener: ((text: string) => void) | undefined;

  /** False if nobody listens yet and the text was dropped, because too much waits already. */
  put(text: string): boolean {
    if (this.#listener !== undefined) {
      this.#listener(text);
      return true;
    }
    if (this.#waiting.length >= MAX_TEXTS || this.#length + text.length > MAX_LENGTH) return false;
    this.#waiting.push(text);
    this.#length += text.length;
    return true;
  }

  onText(listener: (text: string) => void): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const text of waiting) listener(text);
  }
}
