// Starts the keeper's process and gives it its first line.
import type { KeeperPipes } from "./client.ts";
import { encodeLine } from "./encode_line.ts";
import { type Setup } from "./messages.ts";

export type LaunchKeeperOptions = {
  /** What is to start the program, with its arguments; none starts it directly. */
  readonly prefix?: readonly string[];
  /** The sheath program. */
  readonly program: string;
  readonly setup: Setup;
  /** All the variables the keeper gets. */
  readonly env: Readonly<Record<string, string>>;
};

/** @throws if the system refuses to start it. */
export function launchKeeper(
  { prefix = [], program, setup, env }: LaunchKeeperOptions,
): KeeperPipes {
  const [command = program, ...args] = [...prefix, program, "keeper"];
  const child = new Deno.Command(command, {
    args,
    cwd: "/",
    clearEnv: true,
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    detached: true, // a signal from the terminal is not for it
  }).spawn();
  const writer = child.stdin.getWriter();
  writer.write(encodeLine(setup)).catch(() => {/* it ended first; `ended` tells */});
  writer.releaseLock();
  return {
    pid: child.pid,
    input: child.stdin,
    output: child.stdout,
    ended: child.status,
    kill() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
    },
  };
}
