// A command that runs on after the call that started it: its last lines, and how it stands.
import { messageOf } from "../core/errors.ts";
import type { Output } from "./box.ts";
import type { GuardedEnd, GuardedProgram } from "./guarded_program.ts";
import { LineCutter, MAX_LINE } from "./line_cutter.ts";
import { RecentLines } from "./recent_lines.ts";
import { marked } from "./restored_lines.ts";

const KEPT = { maxLines: 20_000, maxCharacters: 4 * 1024 * 1024 };

export type BackgroundState =
  | { readonly type: "running" }
  /** Without a code when the box went away with it. */
  | { readonly type: "ended"; readonly exitCode: number | null; readonly atMs: number };

export class BackgroundCommand {
  readonly #nowMs: () => number;
  readonly #cutters = {
    stdout: new LineCutter({ maxLength: MAX_LINE }),
    stderr: new LineCutter({ maxLength: MAX_LINE }),
  };
  #program: GuardedProgram | undefined;
  #state: BackgroundState = { type: "running" };
  readonly id: string;
  /** Of both streams, mixed as they came. */
  readonly lines = new RecentLines(KEPT);

  /** `nowMs` tells milliseconds on a clock that never jumps. */
  constructor(id: string, nowMs: () => number) {
    this.id = id;
    this.#nowMs = nowMs;
  }

  get state(): BackgroundState {
    return this.#state;
  }

  /** Starts it; resolves once it runs. `start` is given where its output is to go. */
  async start(
    start: (onOutput: (output: Output) => void) => Promise<GuardedProgram>,
  ): Promise<void> {
    const program = await start(({ stream, text }) => {
      for (const line of this.#cutters[stream].push(text)) this.lines.push(line);
    });
    this.#program = program;
    program.ended.then((end) => this.#finish(end), (thrown) => this.#lose(thrown));
  }

  /** Ends it and resolves when it has ended. Rejects if the box does not get that done. */
  async end(): Promise<void> {
    await this.#program?.end();
  }

  #finish({ exitCode, notes }: GuardedEnd): void {
    this.#close(exitCode, notes);
  }

  #lose(thrown: unknown): void {
    this.#close(null, [marked(messageOf(thrown))]);
  }

  #close(exitCode: number | null, notes: readonly string[]): void {
    const { stdout, stderr } = this.#cutters;
    for (const line of [...stdout.end(), ...stderr.end(), ...notes]) this.lines.push(line);
    this.#state = { type: "ended", exitCode, atMs: this.#nowMs() };
  }
}
