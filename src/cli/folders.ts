// Where the commands keep what outlives them (XDG base directories).
import { resolve, sep } from "node:path";
import { type CliEnvironment, isFolder } from "./environment.ts";

/** The folder of records that people's commands share, unless a flag names another. */
export function defaultFabric(
  { fabric, runtimeDir }: Pick<CliEnvironment, "fabric" | "runtimeDir">,
  stateHome: string,
): string {
  return fabric === undefined
    ? [runtimeDir ?? stateHome, "sheath", "agents"].join(sep)
    : resolve(fabric);
}

/** Skills for every run, where the user has made that folder. */
export function usualSkills(
  { configHome }: Pick<CliEnvironment, "configHome">,
): string | undefined {
  const folder = [configHome, "sheath", "skills"].join(sep);
  return configHome !== undefined && isFolder(folder) ? folder : undefined;
}

/** One storage folder for each run lies here. */
export function defaultRuns(stateHome: string): string {
  return [stateHome, "sheath", "runs"].join(sep);
}
