// The few variables the program reads, all at once and before the environment is cleared.
import { isAbsolute, join } from "node:path";
import { HERE, windowsFlaw } from "../base/path_system.ts";

export type Environment = {
  readonly home: string | undefined;
  readonly tmp: string;
  /** Where programs are. */
  readonly path: string | undefined;
  readonly stateHome: string | undefined;
  readonly runtimeDir: string | undefined;
};

export function readEnvironment(): Environment {
  if (HERE === "windows") return readWindowsEnvironment();
  const home = absoluteVariable("HOME");
  return {
    home,
    tmp: absoluteVariable("TMPDIR")?.replace(/\/+$/, "") || "/tmp",
    path: Deno.env.get("PATH"),
    stateHome: absoluteVariable("XDG_STATE_HOME") ?? (home && `${home}/.local/state`),
    runtimeDir: absoluteVariable("XDG_RUNTIME_DIR"),
  };
}

function readWindowsEnvironment(): Environment {
  const home = absoluteVariable("USERPROFILE");
  const stateHome = absoluteVariable("LOCALAPPDATA") ?? (home && join(home, "AppData", "Local"));
  return {
    home,
    tmp: absoluteVariable("TEMP") ?? absoluteVariable("TMP") ??
      (stateHome === undefined ? "C:\\Temp" : join(stateHome, "Temp")),
    path: Deno.env.get("PATH"),
    stateHome,
    runtimeDir: undefined,
  };
}

/** A relative path is as good as none (XDG base directories). */
export function absoluteVariable(name: string): string | undefined {
  const value = Deno.env.get(name);
  if (value === undefined || !isAbsolute(value)) return undefined;
  return HERE === "windows" && windowsFlaw(value) !== undefined ? undefined : value;
}
