// Boot steps 1 to 4, synchronous from the first line to the last: hygiene, spec, grants, places.
// Asynchronous work here would leave threads behind that no later layer binds.
import { systemClock } from "../base/clock.ts";
import { HERE, pathOfEntry } from "../base/path_system.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { collectStorage } from "../fabric/storage_gc.ts";
import { type LiveRoute, liveRoute } from "../gateway/live_route.ts";
import { checkPrice } from "../grants/budget.ts";
import { deriveGrants } from "../grants/derive.ts";
import { type Domains, domainsOf } from "../grants/domain.ts";
import type { Grants } from "../grants/grants.ts";
import { isAtLeast } from "../grants/level.ts";
import type { ReservedPlace } from "../grants/machine.ts";
import { checkSpec } from "../protocol/check_spec.ts";
import { decodeSpec, type ProvisionSpec } from "../protocol/spec.ts";
import { chooseProvider, type ProviderChoice } from "../providers/route.ts";
import { parseScript } from "../providers/script.ts";
import { type Bubblewrap, probeBubblewrap } from "../sandbox/bubblewrap.ts";
import { bootKernel, type Kernel, lookAtKernel } from "../sandbox/kernel.ts";
import type { SelfTests } from "../sandbox/lock.ts";
import { judgeMachine, type KernelFacts } from "../sandbox/probe.ts";
import { commandsFor } from "./commands_start.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import type { CommandsPart } from "./hands_port.ts";
import { defaultStorageRoot, findPlaces, makePlaces, realPathOfNew } from "./places.ts";
import { readSpecText } from "./stdin.ts";

/** Milliseconds garbage collection may hold up a start. */
const COLLECT_MS = 50;
const SPEC_VERSION = 1;

export type Boot = {
  /** Undefined where the system offers none. */
  readonly kernel: Kernel | undefined;
  readonly ownerPid: number;
  /** Without its credentials: those are in `routes` alone. */
  readonly spec: ProvisionSpec;
  readonly grants: Grants;
  /** What the threads are still to be put in; undefined where no kernel layer is in force. */
  readonly domains: Domains | undefined;
  /** What hands is told of commands; undefined where none may be started. */
  readonly commands: CommandsPart | undefined;
  /** Path of our own program. */
  readonly program: string;
  /** Names of what was tried and refused since layer 1 is in force. */
  readonly selfTests: SelfTests;
  readonly provider: ProviderChoice | undefined;
  readonly routes: readonly LiveRoute[];
  /** Takes back the folders that boot made, when the worker never got to serve. */
  readonly undo: () => void;
};

export type BootOptions = {
  /** Path of the unix socket the worker will serve on, if it is one. */
  readonly socket?: string | undefined;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
};

/** @throws WorkerError: `bad_input` for the spec, `refused` for what cannot be had. */
export function boot({ socket, log }: BootOptions): Boot {
  const environment = readEnvironment();
  const kernel = harden();
  const ownerPid = Deno.ppid;
  const full = decodeSpec(readSpecText());
  if (full.version > SPEC_VERSION) {
    log(`version: ${full.version} is newer than ${SPEC_VERSION}, unknown fields are ignored`);
  }
  const { grants, provider, namespaces } = judge(full, {
    environment,
    kernel: kernel?.facts ?? lookAtKernel(),
  });
  const credentials = full.secrets.provider_credentials;
  const routes = grants.routes.map((route) =>
    liveRoute(route, credentials[route.credential]?.api_key)
  );
  const { made, undo } = makePlaces(grants.places, {
    hasCommands: grants.commands.type !== "refused",
  });
  collectStorage({
    root: defaultStorageRoot(environment.tmp),
    fabricDir: grants.places.fabricDir,
    clock: systemClock,
    uid: Deno.uid() ?? 0,
    budgetMs: COLLECT_MS,
  });
  const spec = { ...full, secrets: { ...full.secrets, provider_credentials: [] } };
  const program = Deno.execPath();
  const domains = isAtLeast(grants.level, "kernel")
    ? domainsOf(grants, { program, socket, made })
    : undefined;
  const commands = commandsFor(grants, { program, environment, domains, namespaces });
  const selfTests = lock(kernel, { domains, undo });
  return {
    kernel,
    ownerPid,
    spec,
    grants,
    domains,
    commands,
    program,
    selfTests,
    provider,
    routes,
    undo,
  };
}

/** Layer 1, last of all: what comes after it lives inside. */
function lock(
  kernel: Kernel | undefined,
  { domains, undo }: { readonly domains: Domains | undefined; readonly undo: () => void },
): SelfTests {
  if (!domains) return [];
  try {
    if (!kernel) throw new TypeError("Expected a kernel behind the level");
    return kernel.lock(domains.process);
  } catch (thrown) {
    undo();
    throw new WorkerError("refused", `kernel layers: ${messageOf(thrown)}`);
  }
}

export type Judgement = {
  readonly grants: Grants;
  readonly provider: ProviderChoice | undefined;
  /** Undefined where they were not asked for. */
  readonly namespaces: Bubblewrap | undefined;
};

/** What a spec gets on this machine, without making or starting anything. */
export function judge(
  spec: ProvisionSpec,
  { environment, kernel }: { readonly environment: Environment; readonly kernel: KernelFacts },
): Judgement {
  checkSpec(spec);
  const provider = providerOf(spec);
  checkPrice(spec, provider);
  checkScript(spec.capabilities.script);
  const places = findPlaces(spec, environment.tmp);
  const isWanted = spec.capabilities.sandbox?.require === "namespace";
  const namespaces = isWanted ? probeBubblewrap() : undefined;
  const machine = judgeMachine(kernel, reservedPlaces(environment), namespaces);
  return { grants: deriveGrants(spec, { machine, places, provider }), provider, namespaces };
}

function checkScript(script: unknown): void {
  try {
    if (script !== undefined) parseScript(script);
  } catch (thrown) {
    throw new WorkerError("bad_input", `capabilities.script: ${messageOf(thrown)}`);
  }
}

function providerOf(spec: ProvisionSpec): ProviderChoice | undefined {
  switch (spec.executor.kind) {
    case "echo":
      return undefined;
    case "cli_adapter":
      throw new WorkerError(
        "internal",
        "executor.kind: cli_adapter is not available in this version, expected echo or bamboo_runtime",
      );
    case "bamboo_runtime": {
      const { model, secrets } = spec;
      const choice = chooseProvider({ model, credentials: secrets.provider_credentials });
      if (!model?.model) {
        throw new WorkerError("bad_input", "model: missing, expected provider and model");
      }
      return choice;
    }
  }
}

function reservedPlaces({ stateHome }: Environment): ReservedPlace[] {
  const places: ReservedPlace[] = [];
  if (Deno.build.standalone) places.push({ name: "the sheath program", path: Deno.execPath() });
  if (stateHome) {
    places.push({ name: "sheath's own state", path: pathOfEntry(stateHome, "sheath") });
  }
  if (HERE === "unix") return places;
  // Variables and starters give short names and letters of any case.
  return places.map(({ name, path }) => ({ name, path: realPathOfNew(name, path) }));
}

function harden(): Kernel | undefined {
  try {
    return bootKernel();
  } catch (thrown) {
    throw new WorkerError("refused", `process hygiene: ${messageOf(thrown)}`);
  }
}
