// The warden's first half: boot and the threads, with as little loaded as that takes.
import { type Fault, toWorkerError } from "../core/errors.ts";
import { type Boot, boot } from "./boot.ts";
import { startThreads, type Threads } from "./thread.ts";

export type WorkerOptions = {
  /** `import.meta.url` of the program's entry file. */
  readonly entry: string;
  readonly version: string;
  /** Serve on a unix socket at this path instead of a loopback port. */
  readonly socket?: string | undefined;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
};

/** Runs one worker to its end; the result is the process's exit code. */
export async function runWorker(options: WorkerOptions): Promise<number> {
  try {
    const booted = boot(options);
    const threads = threadsFor(booted, options.entry);
    // What serving takes is loaded while the threads load.
    const { serveWorker } = await import("./service.ts");
    await serveWorker(booted, { ...options, threads });
    return 0;
  } catch (thrown) {
    const { fault, message } = toWorkerError(thrown);
    options.log(message);
    return exitCodeOf(fault);
  }
}

/** The echo executor runs in the warden and starts no compartment. */
function threadsFor(
  { grants, program, domains, provider, undo }: Boot,
  entry: string,
): Threads | undefined {
  if (provider === undefined) return undefined;
  try {
    return startThreads({ entry, grants, program, domains });
  } catch (thrown) {
    undo();
    throw thrown;
  }
}

function exitCodeOf(fault: Fault): number {
  if (fault === "bad_input") return 2;
  return fault === "refused" ? 3 : 1;
}
