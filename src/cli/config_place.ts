// Where the configuration file of `sheath run` lies. Reading it is loaded only where there is one.
import { resolve, sep } from "node:path";
import type { Config } from "./config_text.ts";
import type { CliEnvironment } from "./environment.ts";

export type ConfigFlags = {
  /** A file instead of the usual one; false for none. */
  readonly config?: string | false | undefined;
};

/** The usual place (XDG base directories); undefined without a home. */
export function usualConfig(
  { configHome }: Pick<CliEnvironment, "configHome">,
): string | undefined {
  return configHome === undefined ? undefined : [configHome, "sheath", "config.yaml"].join(sep);
}

/** Where flags say that it lies, there or not. */
export function configPath(
  { config }: ConfigFlags,
  environment: Pick<CliEnvironment, "configHome">,
): string | undefined {
  if (config === false) return undefined;
  return config === undefined ? usualConfig(environment) : resolve(config);
}

/**
 * Undefined for none: only a file that a flag names must be there.
 * @throws WorkerError `bad_input` with path, line and what is wrong.
 */
export async function readConfig(
  flags: ConfigFlags,
  environment: Pick<CliEnvironment, "configHome" | "home">,
): Promise<Config | undefined> {
  const path = configPath(flags, environment);
  if (path === undefined || (flags.config === undefined && isMissing(path))) return undefined;
  const { readConfigFile } = await import("./config_file.ts");
  return readConfigFile(path, environment);
}

function isMissing(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return false;
  } catch (thrown) {
    return thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.NotADirectory;
  }
}
