// `sheath config show` and `path`: what a run would be set to here, and by whom. Runs nothing.
import { resolve } from "node:path";
import { WorkerError } from "../core/errors.ts";
import { isPlainHttpUrl } from "../protocol/check_spec.ts";
import { type ConfigFlags, configPath, readConfig } from "./config_place.ts";
import { configRows, configTable } from "./config_rows.ts";
import { readCliEnvironment } from "./environment.ts";
import { printResult } from "./print.ts";
import type { Settings } from "./settings.ts";

export type ShowFlags = Settings & { readonly json: boolean };

/** @throws WorkerError `bad_input` for a file that cannot be used. */
export async function showConfig(given: ShowFlags): Promise<number> {
  const { baseUrl, json } = given;
  if (baseUrl !== undefined && !isPlainHttpUrl(baseUrl)) {
    const wanted = "an http or https URL without user or password";
    throw new WorkerError("bad_input", `--base-url: expected ${wanted}`);
  }
  const inFull = (paths: readonly string[]) => paths.map((path) => resolve(path));
  const flags = { ...given, read: inFull(given.read), write: inFull(given.write) };
  const environment = readCliEnvironment();
  const config = await readConfig(flags, environment);
  const rows = configRows({ flags, config, keys: environment.keys, os: Deno.build.os });
  printResult(json ? `${JSON.stringify(rows, undefined, 2)}\n` : configTable(rows));
  return 0;
}

/** @throws WorkerError `bad_input` when nothing says where it would lie. */
export function showConfigPath(flags: ConfigFlags): number {
  const path = configPath(flags, readCliEnvironment());
  if (path === undefined) {
    throw new WorkerError("bad_input", "No configuration: neither XDG_CONFIG_HOME nor HOME is set");
  }
  printResult(`${path}\n`);
  return 0;
}
