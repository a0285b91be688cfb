// A program in the box with the guard around it: what it did to protected names is undone when it
// has ended, and told with its end.
import { abortable } from "../base/abortable.ts";
import type { Clock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { WorkerError } from "../core/errors.ts";
import type { Box, Program, ProgramEnd, RunningProgram } from "./box.ts";
import type { ProtectedGuard } from "./protected_guard.ts";
import { marked, restoredLines } from "./restored_lines.ts";

/** How long the box may take to end a program that was killed. */
const KILL_MS = 5_000;

export type GuardedEnd = ProgramEnd & {
  /** Lines of ours for the model: the limit that ended it, and what was restored. */
  readonly notes: readonly string[];
};

export type Guards = {
  readonly box: Box;
  /** Undefined where programs run unconfined: then nothing is put back. */
  readonly guard: ProtectedGuard | undefined;
  readonly clock: Clock;
  /** Of the session; protected names in it are told by their path from there. */
  readonly workspace: string;
};

export class GuardedProgram {
  readonly #running: RunningProgram;
  readonly #clock: Clock;
  /** Rejects with a WorkerError `internal` when the box is gone. */
  readonly ended: Promise<GuardedEnd>;

  private constructor(running: RunningProgram, guards: Guards) {
    this.#running = running;
    this.#clock = guards.clock;
    this.ended = watch(running, guards);
    this.ended.catch(() => {}); // whoever waits hears it
  }

  /** Rejects with the box's WorkerError. */
  static async start(program: Program, guards: Guards): Promise<GuardedProgram> {
    guards.guard?.before();
    try {
      return new GuardedProgram(await guards.box.start(program), guards);
    } catch (thrown) {
      guards.guard?.after();
      throw thrown;
    }
  }

  /** Resolves to false if it was ended because of the time. Rejects with the abort reason. */
  async endsWithin(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const timer = new AbortController();
    const late = this.#clock.sleep(timeoutMs, timer.signal).then(() => false);
    const ended = this.ended.then(() => true);
    try {
      return await abortable(Promise.race([ended, late]), signal);
    } finally {
      timer.abort();
      await this.end();
    }
  }

  /** Kills it, unless it has ended. Rejects only if the box does not get it done. */
  async end(): Promise<void> {
    this.#running.kill();
    if (await settlesWithin(this.ended, { ms: KILL_MS, clock: this.#clock })) return;
    throw new WorkerError("internal", "Cannot end a program: the box of commands does not answer");
  }
}

async function watch(running: RunningProgram, guards: Guards): Promise<GuardedEnd> {
  const [ended] = await Promise.allSettled([running.ended]);
  const restored = restoredLines(guards.guard?.after() ?? [], guards.workspace);
  if (ended.status === "rejected") throw ended.reason;
  const { limit = limitOf(ended.value.exitCode) } = ended.value;
  const notes = [...(limit === undefined ? [] : [marked(limit)]), ...restored];
  return { ...ended.value, notes };
}

/** Limits that the kernel holds tell themselves by a signal of their own. */
const LIMIT_SIGNALS: ReadonlyMap<number, string> = new Map([
  [152, "cpu_secs"], // SIGXCPU
  [153, "file_bytes"], // SIGXFSZ
]);

function limitOf(exitCode: number): string | undefined {
  const field = LIMIT_SIGNALS.get(exitCode);
  return field && `ended by a limit (capabilities.sandbox.limits.${field})`;
}
