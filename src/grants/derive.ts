// From what a spec asks and what the machine has to what this worker may do. Pure.
import { join } from "node:path";
import { isInside, mayBeInside } from "../base/path_inside.ts";
import { pathOfEntry } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import type { SandboxLimits } from "../protocol/sandbox_spec.ts";
import type { Capabilities, ProvisionSpec } from "../protocol/spec.ts";
import type { ProviderChoice } from "../providers/route.ts";
import { budgetOf, pricesOf } from "./budget.ts";
import type { CommandGrant, CommandLimits, Grants, SkillGrant } from "./grants.ts";
import type { Machine, Places, ReservedPlace } from "./machine.ts";
import type { Route } from "./route.ts";
import { unavailable } from "./unavailable.ts";
import { webGrant } from "./web_grant.ts";

/** Rounds a run may take when the spec does not say (wire: limits.max_rounds). */
export const MAX_ROUNDS = 200;

/** The folders of the storage folder that tools may have. */
const TOOL_FOLDERS = ["work", "tmp", "home", "spill", "skills"];

export type Facts = {
  readonly machine: Machine;
  readonly places: Places;
  /** The provider behind the runtime executor; undefined for executors without a model. */
  readonly provider?: ProviderChoice | undefined;
};

/** @throws WorkerError `refused` when something is not to be had, naming all of it. */
export function deriveGrants(spec: ProvisionSpec, { machine, places, provider }: Facts): Grants {
  const skills = skillsOf(spec.capabilities);
  const refusals = [
    ...unavailable(spec, machine),
    ...forbiddenRoots(places, machine.reserved),
    ...writableSkills(places, skills),
  ];
  if (refusals.length > 0) throw new WorkerError("refused", refusals.join("; "));
  const { limits, capabilities } = spec;
  return {
    level: machine.level,
    missing: machine.missing,
    holdsSignals: machine.holdsSignals,
    places,
    routes: provider ? routesOf(provider) : [],
    web: webGrant(capabilities.sandbox?.hosts ?? []),
    disabledTools: spec.disabled_tools ?? [],
    commands: commandsOf(capabilities.sandbox?.commands ?? true, machine),
    skills,
    approvals: {
      enforced: capabilities.enforce_permissions,
      bypassed: capabilities.bypass,
      mode: capabilities.permission_mode ?? "default",
      threshold: capabilities.confirm_threshold ?? "low",
    },
    limits: {
      maxRounds: limits.max_rounds ?? MAX_ROUNDS,
      runTimeoutMs: inMs(limits.run_timeout_secs),
      commands: commandLimits(capabilities.sandbox?.limits ?? {}),
    },
    budget: budgetOf(capabilities),
    prices: pricesOf(capabilities),
  };
}

function commandsOf(wish: boolean | "unconfined", { unboxed }: Machine): CommandGrant {
  if (wish === "unconfined") return { type: "unconfined" };
  if (!wish) return { type: "refused", why: "capabilities.sandbox.commands is false" };
  return unboxed === undefined ? { type: "boxed" } : { type: "refused", why: unboxed };
}

/** No selection at all is what hosts mean by an empty one. */
function skillsOf({ skills = {}, sandbox }: Capabilities): SkillGrant {
  const { mode, disabled = [], selected = [] } = skills;
  return {
    trustsWorkspace: sandbox?.trust_workspace ?? false,
    mode,
    disabled,
    selected: selected.length > 0 ? selected : undefined,
  };
}

const MIB = 1024 * 1024;

function commandLimits(wanted: SandboxLimits): CommandLimits {
  return {
    memoryBytes: wanted.memory_bytes ?? 2048 * MIB,
    processes: wanted.processes ?? 512,
    cpuSecs: wanted.cpu_secs,
    fileBytes: wanted.file_bytes ?? 256 * MIB,
    outputBytes: wanted.output_bytes ?? MIB / 2,
    tmpBytes: wanted.tmp_bytes ?? 1024 * MIB,
  };
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function routesOf(provider: ProviderChoice): Route[] {
  if (provider.protocol === "scripted") return [];
  const { origin, pathname } = new URL(provider.baseUrl);
  return [{
    id: "provider",
    purpose: "provider",
    origin,
    pathPrefix: pathname.replace(/\/+$/, ""),
    methods: ["POST"],
    protocol: provider.protocol,
    credential: provider.credentialIndex,
  }];
}

/** A tool root must not reach what the worker itself trusts later. */
function forbiddenRoots(places: Places, reserved: readonly ReservedPlace[]): string[] {
  const { fabricDir, storageDir, workspace, read, write, skills } = places;
  const own = TOOL_FOLDERS.map((name) => join(storageDir, name));
  const roots = [workspace, ...read, ...write, ...skills].filter((root) =>
    !own.some((folder) => isInside(root, folder)) &&
    !root.startsWith(pathOfEntry(storageDir, "skills-"))
  );
  const kept: ReservedPlace[] = [
    { name: "fabric_dir", path: fabricDir },
    { name: "storage_dir", path: storageDir },
    ...reserved,
  ];
  return roots.flatMap((root) =>
    kept.filter(({ path }) => (mayBeInside(root, path) || mayBeInside(path, root))).map((
      { name, path },
    ) => `tools may not have "${root}": it overlaps ${name} "${path}"`)
  );
}

/**
 * Skills that a tool wrote in one run would be the host's own in the next; what lies in a workspace
 * that is trusted counts as the workspace's.
 */
function writableSkills(
  { storageDir, workspace, write, skills }: Places,
  { trustsWorkspace }: SkillGrant,
): string[] {
  const ofCommands = [join(storageDir, "home"), join(storageDir, "tmp")];
  const writable = trustsWorkspace ? ofCommands : [workspace, ...write, ...ofCommands];
  const refused = skills.filter((path) =>
    writable.some((root) => mayBeInside(path, root) || mayBeInside(root, path))
  );
  return refused.map((path) =>
    `capabilities.skills_dir: tools may write in "${path}", expected a folder that they cannot ` +
    "change, or capabilities.sandbox.trust_workspace"
  );
}
