// A keeper process run from its sources, not boxed, and the client that holds it.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { KeeperClient } from "../../src/keeper/client.ts";
import { launchKeeper } from "../../src/keeper/launch.ts";
import { WorkerError } from "../../src/core/errors.ts";
import type { Setup } from "../../src/keeper/messages.ts";
import type { Box, Output, Program, ProgramEnd } from "../../src/tools/box.ts";

const MAIN = new URL("./keeper_main.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

export type RealKeeperOptions = {
  /** Where the script that stands for the program may lie. */
  readonly folder: string;
  readonly limits?: Partial<Setup["limits"]>;
  /** Another entry file than keeper_main.ts. */
  readonly entry?: string;
};

export type RealKeeper = AsyncDisposable & {
  readonly client: KeeperClient;
  /** The keeper's process, once there is one. */
  pid(): number;
};

export function realKeeper(options: RealKeeperOptions): RealKeeper {
  let pid = 0;
  const program = writeProgram(options);
  const client = new KeeperClient({
    launch: () => launchKeeper({ program, setup: setupOf(options), env: ownVariables() }),
    clock: systemClock,
    onStarted: (started) => pid = started,
  });
  return { client, pid: () => pid, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

export function setupOf({ limits }: Pick<RealKeeperOptions, "limits"> = {}): Setup {
  return {
    type: "setup",
    boxed: false,
    workerPid: Deno.pid,
    limits: { memoryBytes: 2 ** 32, fileBytes: 2 ** 30, ...limits },
    env: { PATH: "/usr/bin:/bin", COLOUR: "green" },
  };
}

/** What a program said and how it ended, or why it was not started. */
export type Report =
  | { readonly stdout: string; readonly stderr: string; readonly end: ProgramEnd }
  | { readonly fault: string; readonly message: string };

export async function runIn(
  box: Box,
  program: Omit<Program, "cwd" | "onOutput"> & Partial<Program>,
): Promise<Report> {
  const texts = { stdout: "", stderr: "" };
  const onOutput = ({ stream, text }: Output) => void (texts[stream] += text);
  try {
    const { ended } = await box.start({ cwd: "/", onOutput, ...program });
    return { end: await ended, ...texts };
  } catch (thrown) {
    if (!(thrown instanceof WorkerError)) throw thrown;
    return { fault: thrown.fault, message: thrown.message };
  }
}

/** `sh -c script` */
export function shell(script: string): { readonly argv: Program["argv"] } {
  return { argv: ["/bin/sh", "-c", script] };
}

/** The path of a script that stands for the program. */
export function writeProgram(
  { folder, entry = MAIN }: Pick<RealKeeperOptions, "folder" | "entry">,
): string {
  const path = join(folder, "sheath");
  const run = `'${Deno.execPath()}' run -A --cached-only --config '${CONFIG}' '${entry}'`;
  writeFileSync(path, `#!/bin/sh\nexec ${run} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The runtime finds its cache by them. */
export function ownVariables(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
