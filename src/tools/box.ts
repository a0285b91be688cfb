// The box in which programs run, as the command tools see it. The keeper's client is one.

export interface Box {
  /**
   * Starts a program in a process group of its own.
   * Rejects with a WorkerError: `refused` when it cannot be started (no such file, not executable),
   * `internal` when the box itself is gone.
   */
  start(program: Program): Promise<RunningProgram>;
}

export type Program = {
  /** The first is an absolute path. No text of it is read by a shell unless it names one. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly cwd: string;
  /** Given on stdin, which then ends; without it stdin is the null device. */
  readonly input?: string | undefined;
  /** Most bytes passed on of each stream, what follows is dropped; undefined passes all on. */
  readonly outputBytes?: number | undefined;
  /** Waited for before more is passed on, so that nothing piles up. */
  readonly onOutput: (output: Output) => void | Promise<void>;
};

/** UTF-8, what is none replaced; cut anywhere but inside a character. */
export type Output = { readonly stream: "stdout" | "stderr"; readonly text: string };

export interface RunningProgram {
  /**
   * Resolves when the program has ended and its output has been passed on; whatever it started is
   * ended with it (without a box: what stayed in its process group). Rejects with a WorkerError `internal` when the box is gone.
   */
  readonly ended: Promise<ProgramEnd>;
  /** Ends it and whatever it started on the spot. Harmless when it has ended. */
  kill(): void;
}

export type ProgramEnd = {
  /** As a shell gives it: 128 + number of the signal that ended it. */
  readonly exitCode: number;
  /** Whether more came than `outputBytes`. */
  readonly cut: { readonly stdout: boolean; readonly stderr: boolean };
  /** The limit of the box that ended it, for the model: one line naming the field. */
  readonly limit?: string | undefined;
};
