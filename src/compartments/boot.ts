// Boot steps 1 to 4, synchronous from the first line to the last: hygiene, spec, grants, places.
// Asynchronous work here would leave threads behind that no later layer binds.
import { systemClock } from "../base/clock.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { collectStorage } from "../fabric/storage_gc.ts";
import { type LiveRoute, liveRoute } from "../gateway/live_route.ts";
import { deriveGrants } from "../grants/derive.ts";
import type { Grants } from "../grants/grants.ts";
import type { ReservedPlace } from "../grants/machine.ts";
import { checkSpec } from "../protocol/check_spec.ts";
import { decodeSpec } from "../protocol/spec.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import { chooseProvider, type ProviderChoice } from "../providers/route.ts";
import { parseScript } from "../providers/script.ts";
import { bootKernel, type Kernel } from "../sandbox/kernel.ts";
import { probeMachine } from "../sandbox/probe.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { defaultStorageRoot, findPlaces, makePlaces } from "./places.ts";
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
  readonly provider: ProviderChoice | undefined;
  readonly routes: readonly LiveRoute[];
  /** Takes back the folders that boot made, when the worker never got to serve. */
  readonly undo: () => void;
};

/** @throws WorkerError: `bad_input` for the spec, `refused` for what cannot be had. */
export function boot(log: (line: string) => void): Boot {
  const environment = readEnvironment();
  const kernel = harden();
  const ownerPid = Deno.ppid;
  const full = decodeSpec(readSpecText());
  if (full.version > SPEC_VERSION) {
    log(`version: ${full.version} is newer than ${SPEC_VERSION}, unknown fields are ignored`);
  }
  const { grants, provider } = judge(full, environment);
  const credentials = full.secrets.provider_credentials;
  const routes = grants.routes.map((route) =>
    liveRoute(route, credentials[route.credential]?.api_key)
  );
  const undo = makePlaces(grants.places);
  collectStorage({
    root: defaultStorageRoot(environment.tmp),
    fabricDir: grants.places.fabricDir,
    clock: systemClock,
    uid: Deno.uid() ?? 0,
    budgetMs: COLLECT_MS,
  });
  const spec = { ...full, secrets: { ...full.secrets, provider_credentials: [] } };
  return { kernel, ownerPid, spec, grants, provider, routes, undo };
}

/** What a spec gets on this machine, without making or starting anything. */
export function judge(
  spec: ProvisionSpec,
  environment: Environment,
): { readonly grants: Grants; readonly provider: ProviderChoice | undefined } {
  checkSpec(spec);
  const provider = providerOf(spec);
  checkScript(spec.capabilities.script);
  const places = findPlaces(spec, environment.tmp);
  const machine = probeMachine(reservedPlaces(environment));
  return { grants: deriveGrants(spec, { machine, places, provider }), provider };
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
  if (stateHome) places.push({ name: "sheath's own state", path: `${stateHome}/sheath` });
  return places;
}

function harden(): Kernel | undefined {
  try {
    return bootKernel();
  } catch (thrown) {
    throw new WorkerError("refused", `process hygiene: ${messageOf(thrown)}`);
  }
}
