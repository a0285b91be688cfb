// What the hands thread works with: the folders, and what each session has open.
import type { Roots } from "../tools/roots.ts";
import { SessionFiles } from "../tools/session_files.ts";
import type { World } from "../tools/world.ts";
import type { CommandBench, CommandBenchOptions } from "./command_bench.ts";
import type { HandsPart } from "./hands_port.ts";

export type BenchOptions = Pick<CommandBenchOptions, "onKeeper" | "fail">;

type Session = Pick<World, "roots" | "files" | "shells">;

export class Bench {
  readonly #roots: Roots;
  readonly #sessions = new Map<string, Session>();
  readonly #commands: Promise<CommandBench> | undefined;

  constructor({ roots, commands: part }: HandsPart, options: BenchOptions) {
    this.#roots = roots;
    if (part) this.#commands = loadCommands({ roots, part, ...options });
    this.#commands?.catch(options.fail);
  }

  async session(id: string): Promise<Session> {
    const commands = await this.#commands;
    const known = this.#sessions.get(id);
    if (known) return known;
    const roots = this.#roots;
    const session = { roots, files: new SessionFiles(roots), shells: commands?.newShells() };
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
  async endAll(why: string): Promise<void> {
    (await this.#commands)?.endAll(why);
  }
}

async function loadCommands(options: CommandBenchOptions): Promise<CommandBench> {
  const { CommandBench } = await import("./command_bench.ts");
  return new CommandBench(options);
}
