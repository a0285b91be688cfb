// A box in which programs are functions of the test: nothing is started.
import type { Box, Program, ProgramEnd, RunningProgram } from "../../src/tools/box.ts";

const KILLED = 137;

/** What a program does once it runs; it goes on until it is ended or killed. */
export type Script = (program: FakeProgram) => void | Promise<void>;

export class FakeBox implements Box {
  readonly #script: Script;
  /** All that were started. */
  readonly programs: FakeProgram[] = [];

  constructor(script: Script = (program) => program.end(0)) {
    this.#script = script;
  }

  async start(program: Program): Promise<RunningProgram> {
    const fake = new FakeProgram(program);
    this.programs.push(fake);
    await this.#script(fake);
    return fake;
  }

  /** The one that was started last. */
  get last(): FakeProgram {
    const last = this.programs.at(-1);
    if (!last) throw new TypeError("No program was started");
    return last;
  }
}

export class FakeProgram implements RunningProgram {
  readonly #end = Promise.withResolvers<ProgramEnd>();
  readonly program: Program;
  isKilled = false;
  hasEnded = false;

  constructor(program: Program) {
    this.program = program;
    this.#end.promise.catch(() => {}); // whoever waits hears it
  }

  get ended(): Promise<ProgramEnd> {
    return this.#end.promise;
  }

  async write(text: string, stream: "stdout" | "stderr" = "stdout"): Promise<void> {
    await this.program.onOutput({ stream, text });
  }

  end(exitCode: number, more: Partial<ProgramEnd> = {}): void {
    this.hasEnded = true;
    this.#end.resolve({ exitCode, cut: { stdout: false, stderr: false }, ...more });
  }

  /** The box is gone. */
  fail(reason: Error): void {
    this.hasEnded = true;
    this.#end.reject(reason);
  }

  kill(): void {
    if (this.hasEnded) return;
    this.isKilled = true;
    this.end(KILLED);
  }
}
