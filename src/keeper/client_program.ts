// One program as hands sees it: its output is passed on in order, then its end.
import { WorkerError } from "../core/errors.ts";
import type { Output, Program, ProgramEnd, RunningProgram } from "../tools/box.ts";
import { type End, OUTPUT_CREDIT } from "./messages.ts";

export type ClientProgramOptions = {
  readonly onOutput: Program["onOutput"];
  /** To be told of each output that was dealt with. */
  readonly onTaken: () => void;
  readonly kill: () => void;
};

export class ClientProgram {
  readonly #options: ClientProgramOptions;
  readonly #start = Promise.withResolvers<RunningProgram>();
  readonly #end = Promise.withResolvers<ProgramEnd>();
  /** Settles when all output so far was dealt with; never rejects. */
  #passed: Promise<void> = Promise.resolve();
  /** Why somebody could not take output: nothing more is given to them. */
  #failure: { readonly thrown: unknown } | undefined;
  #waiting = 0;
  #limit: string | undefined;

  constructor(options: ClientProgramOptions) {
    this.#options = options;
    // Nobody need ask for either.
    this.#start.promise.catch(() => {});
    this.#end.promise.catch(() => {});
  }

  /** Settles as Box.start does. */
  get started(): Promise<RunningProgram> {
    return this.#start.promise;
  }

  noteStarted(): void {
    this.#start.resolve({ ended: this.#end.promise, kill: this.#options.kill });
  }

  /** @throws WorkerError `internal` at more than the credit allows. */
  noteOutput(output: Output): void {
    if (this.#waiting === OUTPUT_CREDIT) {
      throw new WorkerError("internal", "Keeper sent more output than it may");
    }
    this.#waiting++;
    this.#passed = this.#passed.then(() => this.#pass(output));
  }

  /** What is told of a limit before its end stands in the end. */
  noteLimit(why: string): void {
    this.#limit ??= why;
  }

  noteEnd({ exitCode, cut }: End): void {
    const end = { exitCode, cut, ...this.#limit === undefined ? {} : { limit: this.#limit } };
    this.#passed.then(() => {
      if (this.#failure) this.#end.reject(this.#failure.thrown);
      else this.#end.resolve(end);
    });
  }

  /** It was not started, or nothing more is known of it. */
  fail(error: WorkerError): void {
    this.#start.reject(error);
    this.#end.reject(error);
  }

  async #pass(output: Output): Promise<void> {
    try {
      if (!this.#failure) await this.#options.onOutput(output);
    } catch (thrown) {
      this.#failure = { thrown };
      this.#options.kill();
    }
    this.#waiting--;
    this.#options.onTaken();
  }
}
