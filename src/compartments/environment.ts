// The few variables the program reads, all at once and before the environment is cleared.

export type Environment = {
  readonly home: string | undefined;
  readonly tmp: string;
  /** Where programs are. */
  readonly path: string | undefined;
  readonly stateHome: string | undefined;
  readonly runtimeDir: string | undefined;
};

export function readEnvironment(): Environment {
  const home = absolute("HOME");
  return {
    home,
    tmp: absolute("TMPDIR")?.replace(/\/+$/, "") || "/tmp",
    path: Deno.env.get("PATH"),
    stateHome: absolute("XDG_STATE_HOME") ?? (home && `${home}/.local/state`),
    runtimeDir: absolute("XDG_RUNTIME_DIR"),
  };
}

/** A relative path is as good as none (XDG base directories). */
function absolute(name: string): string | undefined {
  const value = Deno.env.get(name);
  return value?.startsWith("/") ? value : undefined;
}
