// Asks for a yes, for once or for the run, at the terminal the program was started from.
import { abortable } from "../base/abortable.ts";
import type { Answer, Asker } from "./approver.ts";
import type { Screen } from "./screen.ts";

/** Where answers are typed; Deno.stdin is one. */
export interface Source {
  read(into: Uint8Array): Promise<number | null>;
}

const QUESTION = "Allow it? [y] once, [a] always in this run (this very act), [N] no: ";
const PROMPT = "Answer: ";
const AGAIN = "That is none of the options: type its number, or all of its text.\n";

export class TerminalAsker implements Asker {
  readonly #source: Source;
  readonly #screen: Screen;
  readonly #decoder = new TextDecoder();
  #typed = "";
  /** A read cannot be taken back: one that outlived its question is the next one's. */
  #reading: Promise<string | undefined> | undefined;

  constructor(source: Source, screen: Screen) {
    this.#source = source;
    this.#screen = screen;
  }

  async ask(text: string, signal: AbortSignal): Promise<Answer> {
    return readAnswer(await this.#askLine(`${text}${QUESTION}`, signal));
  }

  /**
   * The first line that `read` makes an answer of; undefined at the end of the input. Rejects with
   * the abort reason.
   */
  async askText(
    text: string,
    read: (line: string) => string | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    for (let before = text;;) {
      const line = (await this.#askLine(`${before}${PROMPT}`, signal))?.trim();
      if (line === undefined) return undefined;
      const answer = read(line);
      if (answer !== undefined) return answer;
      before = line === "" ? "" : AGAIN;
    }
  }

  async #askLine(text: string, signal: AbortSignal): Promise<string | undefined> {
    using hold = this.#screen.hold();
    // What was typed before the question was there is no answer to it.
    this.#typed = "";
    await hold.write(text);
    try {
      return await this.#readLine(signal);
    } finally {
      if (signal.aborted) await hold.write("\n");
    }
  }

  /** Undefined at the end of the input. */
  async #readLine(signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      const end = this.#typed.indexOf("\n");
      if (end !== -1) {
        const line = this.#typed.slice(0, end);
        this.#typed = this.#typed.slice(end + 1);
        return line;
      }
      this.#reading ??= this.#readSome();
      const more = await abortable(this.#reading, signal);
      this.#reading = undefined;
      if (more === undefined) return undefined;
      this.#typed += more;
    }
  }

  async #readSome(): Promise<string | undefined> {
    const buffer = new Uint8Array(4096);
    const count = await this.#source.read(buffer);
    return count === null
      ? undefined
      : this.#decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

/** Undefined is the end of the input. */
function readAnswer(line: string | undefined): Answer {
  const word = line?.trim().toLowerCase();
  if (word === "y" || word === "yes") return "once";
  return word === "a" || word === "always" ? "run" : "no";
}
