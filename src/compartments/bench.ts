// What the hands thread works with: the folders, the box of commands, and what each session has open.
import { systemClock } from "../base/clock.ts";
import { KeeperClient, type KeeperPipes } from "../keeper/client.ts";
import { launchKeeper } from "../keeper/launch.ts";
import { ProtectedGuard } from "../tools/protected_guard.ts";
import type { Roots } from "../tools/roots.ts";
import { SessionFiles } from "../tools/session_files.ts";
import { Shells } from "../tools/shells.ts";
import type { World } from "../tools/world.ts";
import type { CommandsPart, HandsPart } from "./hands_port.ts";
import { keeperOptions } from "./keeper_options.ts";

/** Every Linux that has a C library of its own has it. */
const SHELL = "/bin/bash";

export type BenchOptions = {
  /** Is told when there is a keeper. */
  readonly onKeeper: () => void;
  /** To be called when the keeper has failed. */
  readonly fail: (reason: Error) => void;
};

type Session = Pick<World, "roots" | "files" | "shells">;

type Commands = {
  readonly part: CommandsPart;
  readonly box: KeeperClient;
  readonly guard: ProtectedGuard | undefined;
};

export class Bench {
  readonly #roots: Roots;
  readonly #sessions = new Map<string, Session>();
  readonly #commands: Commands | undefined;

  constructor({ roots, commands }: HandsPart, { onKeeper, fail }: BenchOptions) {
    this.#roots = roots;
    if (!commands) return;
    const box = new KeeperClient({
      launch: () => pipesOf(commands),
      clock: systemClock,
      onStarted: onKeeper,
    });
    // Nothing holds its programs any more: the process ends, and they with it.
    box.died.then(fail);
    const guard = commands.isBoxed ? new ProtectedGuard({ roots, clock: systemClock }) : undefined;
    this.#commands = { part: commands, box, guard };
  }

  session(id: string): Session {
    const known = this.#sessions.get(id);
    if (known) return known;
    const roots = this.#roots;
    const session = { roots, files: new SessionFiles(roots), shells: this.#newShells() };
    this.#sessions.set(id, session);
    return session;
  }

  /** The run is over: resolves when what it left running has ended. */
  async forget(id: string): Promise<void> {
    await this.#sessions.get(id)?.shells?.close();
    this.#sessions.delete(id);
  }

  /** The worker is over: resolves when nothing of its programs is left. */
  async settle(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((id) => this.forget(id)));
  }

  /** `why` is told as the end of everything that runs now. */
  endAll(why: string): void {
    this.#commands?.box.limit(why);
    this.#commands?.box.killAll().catch(() => {/* its death is told by `died` */});
  }

  #newShells(): Shells | undefined {
    if (!this.#commands) return undefined;
    const { part, box, guard } = this.#commands;
    return new Shells({
      box,
      guard,
      clock: systemClock,
      workspace: this.#roots.workspace,
      shell: SHELL,
      program: part.program,
      outputBytes: part.limits.outputBytes,
    });
  }
}

/** One that runs already is outside of this thread's domain; else it is started inside. */
function pipesOf(commands: CommandsPart): KeeperPipes {
  const { keeper, workerPid } = commands;
  if (!keeper) return launchKeeper(keeperOptions(commands, { boxed: true, workerPid }));
  return { ...keeper, ended: Promise.resolve(), kill: () => {/* its input has ended */} };
}
