// Starts a worker of this very program for `sheath run`.
import { HERE } from "../base/path_system.ts";
import { systemClock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { WorkerProcess } from "../host/launch.ts";
import type { CliEnvironment } from "./environment.ts";
import { printLine } from "./print.ts";

/** @throws WorkerError under `deno run`, where there is no program to start. */
export function startWorker({ runtimeDir, tmp, workerVariables }: CliEnvironment): WorkerProcess {
  if (!Deno.build.standalone) {
    throw new WorkerError("internal", "Cannot start a worker: run the compiled program instead");
  }
  return new WorkerProcess({
    command: [Deno.execPath(), "worker"],
    variables: workerVariables,
    socketRoots: HERE === "windows"
      ? undefined
      : [...(runtimeDir === undefined ? [] : [runtimeDir]), tmp],
    clock: systemClock,
    onLog: printLine,
  });
}
