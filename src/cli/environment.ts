// The variables that the commands for people read, all at once.
import { join } from "node:path";
import { HERE } from "../base/path_system.ts";
import {
  absoluteVariable,
  type Environment,
  readEnvironment,
} from "../compartments/environment.ts";

/** The variable that holds the key of each provider, in the order in which they are looked for. */
export const KEY_VARIABLES = {
  openai: "OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
  gemini: "GEMINI_API_KEY",
} as const;

export type KeyOwner = keyof typeof KEY_VARIABLES;
export const KEY_OWNERS = ["openai", "anthropic", "gemini"] as const satisfies readonly KeyOwner[];

/** Why there is no model, for a line that goes on. */
export const NO_KEY = `no key is set (${Object.values(KEY_VARIABLES).join(", ")})`;

export type CliEnvironment = Environment & {
  /** Keys by provider; a blank one is none. */
  readonly keys: Readonly<Record<KeyOwner, string | undefined>>;
  /** Where configuration lies (XDG base directories). */
  readonly configHome: string | undefined;
  /** SHEATH_FABRIC: the folder of records, instead of the usual one. */
  readonly fabric: string | undefined;
  readonly hasColors: boolean;
  /** All that a worker's process is given. */
  readonly workerVariables: Readonly<Record<string, string>>;
};

export function readCliEnvironment(): CliEnvironment {
  const environment = readEnvironment();
  return {
    ...environment,
    // One inherited from another login (su, a container) may name a folder that is not there.
    runtimeDir: isFolder(environment.runtimeDir) ? environment.runtimeDir : undefined,
    keys: {
      openai: present(KEY_VARIABLES.openai),
      anthropic: present(KEY_VARIABLES.anthropic),
      gemini: present(KEY_VARIABLES.gemini),
    },
    configHome: readConfigHome(environment),
    fabric: present("SHEATH_FABRIC"),
    hasColors: present("NO_COLOR") === undefined && present("TERM") !== "dumb",
    workerVariables: readWorkerVariables(),
  };
}

/** Where a worker's storage and temporary folders lie, and where programs are; never a key. */
export function readWorkerVariables(): Readonly<Record<string, string>> {
  const names = WORKER_VARIABLES[HERE];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** Without SYSTEMROOT no program of Windows gets a socket. */
const WORKER_VARIABLES = {
  unix: ["HOME", "PATH", "TMPDIR", "XDG_STATE_HOME"],
  windows: ["LOCALAPPDATA", "PATH", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE"],
} as const;

function readConfigHome({ home }: Environment): string | undefined {
  if (HERE === "windows") {
    return absoluteVariable("APPDATA") ?? (home && join(home, "AppData", "Roaming"));
  }
  return absoluteVariable("XDG_CONFIG_HOME") ?? (home && `${home}/.config`);
}

/** Links are followed; false for what cannot be looked at. */
export function isFolder(path: string | undefined): boolean {
  try {
    return path !== undefined && Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function present(name: string): string | undefined {
  return Deno.env.get(name)?.trim() || undefined;
}
