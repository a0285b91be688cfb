// The threads of a pattern that runs: where in the program each is, and where in the text it began.

/** Threads in order of preference, at most one at each place of the program. */
export class ThreadList {
  readonly #places: Int32Array;
  readonly #starts: Int32Array;
  readonly #entered: Int32Array;
  #round = 1;
  #length = 0;

  constructor(size: number) {
    this.#places = new Int32Array(size);
    this.#starts = new Int32Array(size);
    this.#entered = new Int32Array(size);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
    this.#round++;
  }

  /** False if a better thread has been at this place. */
  enter(place: number): boolean {
    if (this.#entered[place] === this.#round) return false;
    this.#entered[place] = this.#round;
    return true;
  }

  add(place: number, start: number): void {
    this.#places[this.#length] = place;
    this.#starts[this.#length] = start;
    this.#length++;
  }

  placeOf(index: number): number {
    return this.#places[index] ?? 0;
  }

  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }
}
