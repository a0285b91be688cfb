// Which half of the program runs: the worker, at once, or everything a person calls, loaded on demand.
import { runWorkerCommand } from "./worker.ts";

const WORKER_NAMES = ["worker", "subagent-worker"];

/** Runs a command line to its exit code; `entryUrl` is `import.meta.url` of the entry file. */
export async function main(args: readonly string[], entryUrl: string): Promise<number> {
  const [command = "", ...rest] = args;
  if (WORKER_NAMES.includes(command)) return await runWorkerCommand(rest, entryUrl);
  const { runProgram } = await import("./program.ts");
  return await runProgram(args);
}
