// What `sheath run` begins before its flags are read: listening for signals, and a worker, whose
// start takes longest.
import type { WorkerProcess } from "../host/launch.ts";
import { readCliEnvironment } from "./environment.ts";
import { Interrupts } from "./interrupts.ts";
import { startWorker } from "./start_worker.ts";

export type Started = AsyncDisposable & {
  readonly interrupts: Interrupts;
  /** Waits for its spec; undefined when it could not be started, or help is all that is wanted. */
  readonly worker: WorkerProcess | undefined;
};

export function startRun(args: readonly string[]): Started {
  const interrupts = new Interrupts();
  const worker = startEarly(args);
  return {
    interrupts,
    worker,
    async [Symbol.asyncDispose]() {
      await worker?.[Symbol.asyncDispose]();
      interrupts[Symbol.dispose]();
    },
  };
}

function startEarly(args: readonly string[]): WorkerProcess | undefined {
  if (args.includes("--help") || args.includes("-h")) return undefined;
  try {
    return startWorker(readCliEnvironment());
  } catch {
    return undefined; // `run` tries again, and says what is wrong
  }
}
