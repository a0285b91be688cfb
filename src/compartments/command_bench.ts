// The box of commands as hands holds it: one keeper for all sessions, one guard of protected names.
// Loaded when the first command is called.
import { systemClock } from "../base/clock.ts";
import { KeeperClient, type KeeperPipes } from "../keeper/client.ts";
import { launchKeeper } from "../keeper/launch.ts";
import { ProtectedGuard } from "../tools/protected_guard.ts";
import type { Roots } from "../tools/roots.ts";
import { Shells } from "../tools/shells.ts";
import type { CommandsPart } from "./hands_port.ts";
import { keeperOptions } from "./keeper_options.ts";

/** Every Linux that has a C library of its own has it. */
const SHELL = "/bin/bash";

/** Longer than a count of the commands takes to get here. */
const SETTLE_MS = 250;

export type CommandBenchOptions = {
  readonly roots: Roots;
  readonly part: CommandsPart;
  /** Is told when there is a keeper. */
  readonly onKeeper: () => void;
  /** To be called when the keeper has failed. */
  readonly fail: (reason: Error) => void;
};

export class CommandBench {
  readonly #options: CommandBenchOptions;
  readonly #box: KeeperClient;
  readonly #guard: ProtectedGuard | undefined;
  #deafUntil = 0;

  constructor(options: CommandBenchOptions) {
    const { roots, part, onKeeper, fail } = options;
    this.#options = options;
    this.#box = new KeeperClient({
      launch: () => pipesOf(part),
      clock: systemClock,
      onStarted: onKeeper,
    });
    // Nothing holds its programs any more: the process ends, and they with it.
    this.#box.died.then(fail);
    if (part.isBoxed) this.#guard = new ProtectedGuard({ roots, clock: systemClock });
  }

  newShells(): Shells {
    const { roots, part } = this.#options;
    return new Shells({
      box: this.#box,
      guard: this.#guard,
      clock: systemClock,
      workspace: roots.workspace,
      shell: SHELL,
      program: part.program,
      outputBytes: part.limits.outputBytes,
    });
  }

  /**
   * `why` is told as the end of everything that runs now. What was counted while they ended says
   * nothing of the programs that come after them.
   */
  async endAll(why: string): Promise<void> {
    if (systemClock.monotonic() < this.#deafUntil) return;
    this.#deafUntil = Infinity;
    this.#box.limit(why);
    await this.#box.killAll().catch(() => {/* its death is told by `died` */});
    this.#deafUntil = systemClock.monotonic() + SETTLE_MS;
  }
}

/** One that runs already is outside of this thread's domain; else it is started inside. */
function pipesOf(part: CommandsPart): KeeperPipes {
  const { keeper, workerPid } = part;
  if (!keeper) return launchKeeper(keeperOptions(part, { boxed: true, workerPid }));
  return { ...keeper, ended: Promise.resolve(), kill: () => {/* its input has ended */} };
}
