// A text that comes in pieces, cut between characters only.

/** Holds the first half of a surrogate pair back until its second half has come. */
export class WholeCharacters {
  #held = "";

  /** What is whole now; halves that stay alone are replaced. */
  add(text: string): string {
    const joined = this.#held + text;
    const isCut = /[\ud800-\udbff]$/.test(joined);
    this.#held = isCut ? joined.slice(-1) : "";
    return (isCut ? joined.slice(0, -1) : joined).toWellFormed();
  }

  /** What was held back to the end. */
  rest(): string {
    return this.#held.toWellFormed();
  }
}
