// Texts that steer a running loop, kept until it next looks.

export class SteeringQueue {
  #texts: string[] = [];

  push(text: string): void {
    this.#texts.push(text);
  }

  get isEmpty(): boolean {
    return this.#texts.length === 0;
  }

  /** Takes out everything that has come, in order. */
  take(): readonly string[] {
    return this.#texts.splice(0);
  }
}
