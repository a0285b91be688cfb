// Which part of the program runs: a worker, what it starts itself (the keeper of its commands, one
// piece of JavaScript), or what a person calls. Each is loaded only when it is wanted: the others'
// code would cost every start 13 ms.
import { startRun } from "./started.ts";

const WORKER_NAMES = ["worker", "subagent-worker"];

/** Runs a command line to its exit code; `entryUrl` is `import.meta.url` of the entry file. */
export async function main(args: readonly string[], entryUrl: string): Promise<number> {
  const [command = "", ...rest] = args;
  if (WORKER_NAMES.includes(command)) {
    // Loading from the program's own file leaves no pool threads behind that no layer would bind.
    const { runWorkerCommand } = await import("./worker.ts");
    return await runWorkerCommand(rest, entryUrl);
  }
  if (command === "keeper") {
    const { runKeeper } = await import("../keeper/keeper.ts");
    return await runKeeper(entryUrl);
  }
  if (command === "js-repl") {
    const { runJsRepl } = await import("../keeper/js_repl.ts");
    return await runJsRepl();
  }
  await using started = command === "run" ? startRun(rest) : undefined;
  const { runProgram } = await import("./program.ts");
  return await runProgram(args, started);
}
