// What the hands thread works with: the folders, and what each session has open.
import { systemClock } from "../base/clock.ts";
import type { SkillListing, SkillShelf } from "../skills/skill_shelf.ts";
import { GuidanceFiles, type GuidanceText } from "../tools/guidance_files.ts";
import type { Roots } from "../tools/roots.ts";
import { SessionFiles } from "../tools/session_files.ts";
import type { Shells } from "../tools/shells.ts";
import type { World } from "../tools/world.ts";
import type { CommandBench, CommandBenchOptions } from "./command_bench.ts";
import type { HandsPart } from "./hands_port.ts";

export type BenchOptions = Pick<CommandBenchOptions, "onKeeper" | "fail">;

type Session = {
  readonly files: SessionFiles;
  readonly guidance: GuidanceFiles;
  /** Made when it is asked for. */
  skills?: SkillShelf;
  /** Made when the first of its tools wants programs. */
  shells?: Promise<Shells>;
};

export class Bench {
  readonly #roots: Roots;
  readonly #skills: HandsPart["skills"];
  readonly #sessions = new Map<string, Session>();
  readonly #loadCommands: (() => Promise<CommandBench>) | undefined;
  #commands: Promise<CommandBench> | undefined;

  constructor({ roots, skills, commands: part }: HandsPart, options: BenchOptions) {
    this.#roots = roots;
    this.#skills = skills;
    if (part) this.#loadCommands = () => loadCommands({ roots, part, ...options });
  }

  /** What a call of the session may touch; `hasPrograms`: whether that is programs too. */
  async worldOf(
    id: string,
    { hasPrograms }: { readonly hasPrograms: boolean },
  ): Promise<Pick<World, "roots" | "files" | "shells" | "skills">> {
    const roots = this.#roots;
    const session = this.#session(id);
    const { files, skills } = session;
    if (!hasPrograms || !this.#loadCommands) {
      return { roots, files, skills, shells: undefined };
    }
    this.#commands ??= this.#loadCommands();
    session.shells ??= this.#commands.then((commands) => commands.newShells());
    return { roots, files, skills, shells: await session.shells };
  }

  /** Instruction files on the way to these paths that the session was not told of yet. */
  guide(id: string, paths: readonly string[], signal: AbortSignal): Promise<GuidanceText[]> {
    const { guidance, files } = this.#session(id);
    const named = paths.flatMap((path) => files.resolveIfPlain(path) ?? []);
    return guidance.onTheWayTo(named, signal);
  }

  /** What skills the session has. They stay as they were found for as long as it lasts. */
  async skills(id: string, signal: AbortSignal): Promise<SkillListing> {
    const { SkillShelf } = await import("../skills/skill_shelf.ts");
    const options = { roots: this.#roots, clock: systemClock };
    const shelf = await SkillShelf.open(this.#skills, options, signal);
    signal.throwIfAborted(); // its run is over, and forgotten
    this.#session(id).skills = shelf;
    return shelf.listing;
  }

  #session(id: string): Session {
    const roots = this.#roots;
    const session: Session = this.#sessions.get(id) ?? {
      files: new SessionFiles(roots),
      guidance: new GuidanceFiles(roots),
    };
    this.#sessions.set(id, session);
    return session;
  }

  /** The run is over: resolves when what it left running has ended. */
  async forget(id: string): Promise<void> {
    const shells = await this.#sessions.get(id)?.shells;
    await shells?.close();
    this.#sessions.delete(id);
  }

  /** The worker is over: resolves when nothing of its programs is left. */
  async settle(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((id) => this.forget(id)));
  }

  /** `why` is told as the end of everything that runs now. */
  async endAll(why: string): Promise<void> {
    await (await this.#commands)?.endAll(why);
  }
}

/** Nothing of it is needed before the first command. */
async function loadCommands(options: CommandBenchOptions): Promise<CommandBench> {
  const { CommandBench } = await import("./command_bench.ts");
  return new CommandBench(options);
}
