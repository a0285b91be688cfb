// The programs of one session: those a call waits for, and commands in the background.
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { BackgroundCommand } from "./background_command.ts";
import type { Box, Program } from "./box.ts";
import { GuardedProgram } from "./guarded_program.ts";
import { shown } from "./path_text.ts";
import type { ProtectedGuard } from "./protected_guard.ts";
import { StreamTexts } from "./stream_texts.ts";

/** Of commands in the background, ended ones included. */
const MAX_BACKGROUND = 32;
/** How long the output of an ended one can still be read. */
const KEPT_MS = 300_000;

export type ShellsOptions = {
  readonly box: Box;
  /** One for all sessions that share the folders; undefined where programs run unconfined. */
  readonly guard: ProtectedGuard | undefined;
  readonly clock: Clock;
  /** The session's; protected names in it are told by their path from there. */
  readonly workspace: string;
  /** Absolute path of the shell. */
  readonly shell: string;
  /** Absolute path of our own executable, for js_repl. */
  readonly program: string;
  /** Most bytes taken of each stream of a command. */
  readonly outputBytes: number;
};

export type Run = Omit<Program, "onOutput"> & {
  readonly timeoutMs: number;
  /** Gets whole lines, as they come. */
  readonly onLines: (text: string) => void;
};

export type RunEnd = {
  readonly exitCode: number;
  readonly stdout: string;
  /** With lines of ours at its end, if there is something to say. */
  readonly stderr: string;
  readonly isCut: { readonly stdout: boolean; readonly stderr: boolean };
  readonly isTimedOut: boolean;
};

export class Shells {
  readonly #options: ShellsOptions;
  readonly #waitedFor = new Set<GuardedProgram>();
  readonly #background = new Map<string, BackgroundCommand>();
  #started = 0;
  #isClosed = false;

  constructor(options: ShellsOptions) {
    this.#options = options;
  }

  get shell(): string {
    return this.#options.shell;
  }

  /** Whether programs run in the box, or with all rights of the user because the spec says so. */
  get isBoxed(): boolean {
    return this.#options.guard !== undefined;
  }

  get program(): string {
    return this.#options.program;
  }

  get outputBytes(): number {
    return this.#options.outputBytes;
  }

  /** Runs a program to its end. An abort ends it and rejects with the reason. */
  async run({ timeoutMs, onLines, ...program }: Run, signal: AbortSignal): Promise<RunEnd> {
    signal.throwIfAborted();
    const texts = new StreamTexts(onLines);
    const running = await this.#start({
      ...program,
      onOutput: ({ stream, text }) => texts.push(stream, text),
    });
    this.#waitedFor.add(running);
    try {
      const isTimedOut = !await running.endsWithin(timeoutMs, signal);
      const { exitCode, cut, notes } = await running.ended;
      const { stdout, stderr } = texts.end(notes);
      return { exitCode, stdout, stderr, isCut: cut, isTimedOut };
    } finally {
      this.#waitedFor.delete(running);
    }
  }

  /** Starts a program that runs on. An abort before it runs ends it and rejects with the reason. */
  async startBackground(
    program: Omit<Program, "onOutput" | "outputBytes">,
    signal: AbortSignal,
  ): Promise<BackgroundCommand> {
    signal.throwIfAborted();
    const id = `bash_${this.#started + 1}`;
    this.#makeRoom();
    this.#started++;
    const { clock } = this.#options;
    const command = new BackgroundCommand(id, () => clock.monotonic());
    this.#background.set(id, command);
    try {
      await command.start((onOutput) => this.#start({ ...program, onOutput }));
      if (signal.aborted) await command.end();
      signal.throwIfAborted();
      return command;
    } catch (thrown) {
      this.#background.delete(id);
      throw thrown;
    }
  }

  /** @throws WorkerError `refused` if there is none of that id, or none any more. */
  backgroundCommand(id: string): BackgroundCommand {
    this.#forgetOld();
    const command = this.#background.get(id);
    if (command) return command;
    const ids = [...this.#background.keys()];
    const known = ids.length === 0 ? "there is none" : `there are ${ids.join(", ")}`;
    const minutes = KEPT_MS / 60_000;
    throw new WorkerError(
      "refused",
      `Cannot find background command ${
        shown(id)
      }: ${known}; ended ones are kept ${minutes} minutes`,
    );
  }

  /** Ends every program of the session; none can be started after. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(
      [...this.#waitedFor, ...this.#background.values()].map((one) => one.end()),
    );
    this.#background.clear();
  }

  async #start(program: Program): Promise<GuardedProgram> {
    this.#demandOpen();
    const running = await GuardedProgram.start(program, this.#options);
    if (this.#isClosed) await running.end();
    this.#demandOpen();
    return running;
  }

  #demandOpen(): void {
    if (!this.#isClosed) return;
    throw new WorkerError("refused", "Cannot start a program: its session has ended");
  }

  #makeRoom(): void {
    this.#forgetOld();
    if (this.#background.size < MAX_BACKGROUND) return;
    const ended = [...this.#background.values()].find(({ state }) => state.type === "ended");
    if (ended) return void this.#background.delete(ended.id);
    throw new WorkerError(
      "refused",
      `Cannot start in the background: ${MAX_BACKGROUND} commands run there; end one with KillShell`,
    );
  }

  #forgetOld(): void {
    const nowMs = this.#options.clock.monotonic();
    for (const { id, state } of this.#background.values()) {
      if (state.type === "ended" && nowMs - state.atMs >= KEPT_MS) this.#background.delete(id);
    }
  }
}
