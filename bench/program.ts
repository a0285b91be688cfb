// Runs a program from start to exit and says how long that took.
import { systemClock } from "../src/base/clock.ts";
import type { Folder } from "./folder.ts";

export type ProgramOptions = {
  readonly command: readonly [program: string, ...args: string[]];
  /** Home and workspace. */
  readonly folder: Folder;
  readonly variables?: Readonly<Record<string, string>>;
  /** What its standard output must hold. */
  readonly expects: string;
};

/** Milliseconds from start to exit. Throws when it failed or did not say what was expected. */
export async function timeProgram(options: ProgramOptions): Promise<number> {
  const [program, ...args] = options.command;
  const startedAt = systemClock.monotonic();
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: options.folder.workspace,
    clearEnv: true,
    env: { ...options.folder.variables, ...options.variables },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const ms = systemClock.monotonic() - startedAt;
  const text = new TextDecoder().decode(stdout);
  if (code === 0 && text.includes(options.expects)) return ms;
  const log = new TextDecoder().decode(stderr).trim();
  throw new Error(`${program} ${args[0]} ended with ${code}, said ${JSON.stringify(text)}\n${log}`);
}
