// What hands is told of commands; a keeper that is to run outside of the process's own kernel domain
// is started here, before that closes.
import { existsSync } from "node:fs";
import { commandEnvironment } from "../grants/command_environment.ts";
import type { Domains, PathRule } from "../grants/domain.ts";
import type { Grants } from "../grants/grants.ts";
import { launchKeeper, type LaunchKeeperOptions } from "../keeper/launch.ts";
import { type Bubblewrap, namespaceCommand } from "../sandbox/bubblewrap.ts";
import { PROTECTED_NAMES } from "../tools/protected_names.ts";
import type { Environment } from "./environment.ts";
import type { CommandsPart } from "./hands_port.ts";
import { keeperOptions } from "./keeper_options.ts";

export type CommandsFacts = {
  readonly program: string;
  readonly environment: Environment;
  readonly domains: Domains | undefined;
  readonly namespaces: Bubblewrap | undefined;
};

/** The processes between the worker and a command: the keeper. */
const KEEPER = 1;
/** Bubblewrap, and the first process in its namespace. */
const BUBBLEWRAP = 2;

/** The namespace's own: they show and reach nothing but the box. */
const OWN_PATHS: readonly PathRule[] = [
  { path: "/proc", access: "read" },
  { path: "/dev/shm", access: "write" },
];

/** Undefined where no programs may be started. */
export function commandsFor(
  grants: Grants,
  { program, environment, domains, namespaces }: CommandsFacts,
): CommandsPart | undefined {
  if (grants.commands.type === "refused") return undefined;
  const part = {
    program,
    workerPid: Deno.pid,
    isBoxed: grants.commands.type === "boxed",
    keepers: KEEPER,
    environment: commandEnvironment(grants, environment),
    limits: grants.limits.commands,
  };
  if (grants.commands.type === "unconfined") {
    return { ...part, keeper: started(keeperOptions(part, { boxed: false })) };
  }
  if (grants.level !== "namespace") return part;
  if (namespaces?.type !== "works" || !domains) {
    throw new TypeError("Expected namespaces that work");
  }
  const { hands } = domains;
  const prefix = namespaceCommand({
    program: namespaces.program,
    domain: hands,
    tmp: `${grants.places.storageDir}/tmp`,
    protectedPaths: protectedPathsOf(grants),
  });
  const paths = [...hands.paths, ...OWN_PATHS];
  const domain = { ...hands, paths, forbidden: "/" };
  const keeper = started(keeperOptions(part, { prefix, boxed: true, domain }));
  return { ...part, keepers: KEEPER + BUBBLEWRAP, keeper };
}

/** Hands holds its pipes: it ends when this process does. */
function started(options: LaunchKeeperOptions): CommandsPart["keeper"] {
  const { pid, input, output } = launchKeeper(options);
  return { pid, input, output };
}

function protectedPathsOf({ places: { workspace, write } }: Grants): string[] {
  return [...new Set([workspace, ...write])]
    .flatMap((root) => PROTECTED_NAMES.map((names) => `${root}/${names.join("/")}`))
    .filter((path) => existsSync(path));
}
