// What a keeper is started with, by whoever starts it.
import type { LaunchKeeperOptions } from "../keeper/launch.ts";
import type { Setup } from "../keeper/messages.ts";
import type { CommandsPart } from "./hands_port.ts";

/** `around` is how the keeper is held: by what it is started in, or by what it is told to take. */
export function keeperOptions(
  { program, environment, limits }: Omit<CommandsPart, "keeper">,
  around: Pick<LaunchKeeperOptions, "prefix"> & Pick<Setup, "boxed" | "workerPid" | "domain">,
): LaunchKeeperOptions {
  const { prefix = [], ...hold } = around;
  const { memoryBytes, fileBytes, cpuSecs } = limits;
  const bounds = { memoryBytes, fileBytes, ...(cpuSecs !== undefined && { cpuSecs }) };
  return {
    prefix,
    program,
    setup: { type: "setup", ...hold, limits: bounds, env: { ...environment } },
    env: environment,
  };
}
