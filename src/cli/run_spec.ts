// From flags and a chosen engine to the spec of one run. Pure.
import { resolve, sep } from "node:path";
import type { Level } from "../grants/level.ts";
import type { PriceSpec } from "../protocol/sandbox_spec.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import type { ConfigFlags } from "./config_place.ts";
import type { Engine } from "./engine.ts";

export const COMMANDS_FLAGS = ["on", "off", "unconfined"] as const;
export type CommandsFlag = typeof COMMANDS_FLAGS[number];

/** The flags that shape a spec, as the command line gave them or a configuration stands in. */
export type SpecFlags = ConfigFlags & {
  readonly model?: string | undefined;
  readonly baseUrl?: string;
  readonly workspace?: string;
  readonly role?: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Folder of skills. */
  readonly skills?: string | undefined;
  /** Whether skills of the workspace count. */
  readonly trustWorkspace?: boolean | undefined;
  /** `host:port` each, or `public`. */
  readonly host?: readonly string[] | undefined;
  readonly maxRounds?: number | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
  /** Tokens that the model takes, and that it gives out. */
  readonly context?: number | undefined;
  readonly maxOutput?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** US dollars. */
  readonly maxCost?: number | undefined;
  readonly maxToolCalls?: number | undefined;
  readonly maxSeconds?: number | undefined;
  /** By the model's name; no flag has them. */
  readonly prices?: Readonly<Record<string, PriceSpec>> | undefined;
  readonly require?: Level | undefined;
  readonly commands?: CommandsFlag | undefined;
  readonly fabric?: string;
  /** Change nothing before a plan is approved. */
  readonly plan?: boolean | undefined;
  /** Ask for approvals. */
  readonly ask?: boolean | undefined;
  readonly echo: boolean;
  /** Paths of files, read by whoever calls. */
  readonly spec?: string;
  readonly script?: string;
};

export type SpecFacts = {
  readonly engine: Engine;
  /** What flags and engine are laid over. */
  readonly base?: ProvisionSpec | undefined;
  /** What the machine runs, as Deno.build names it. */
  readonly os: string;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** For what the base does not say. */
  readonly id: string;
  readonly fabricDir: string;
  /** Folder that holds one storage folder for each run. */
  readonly runsDir: string;
  /** Where skills of all runs lie, if they do. */
  readonly defaultSkills?: string | undefined;
  /** The demo's own folder, when that is the engine; undefined is the storage's `work/`. */
  readonly demoFolder?: string | undefined;
};

export function specFor(flags: SpecFlags, facts: SpecFacts): ProvisionSpec {
  const { base = emptySpec(facts), cwd } = facts;
  const { child_id, role } = base.identity;
  return {
    ...base,
    ...runsOn(facts.engine, base),
    identity: { ...base.identity, role: flags.role ?? (role || "worker") },
    fabric_dir: flags.fabric === undefined ? base.fabric_dir : resolve(cwd, flags.fabric),
    storage_dir: base.storage_dir ?? `${facts.runsDir}${sep}${child_id}`,
    workspace: workspaceOf(flags, facts),
    limits: {
      ...base.limits,
      ...(flags.maxRounds !== undefined && { max_rounds: flags.maxRounds }),
      ...(flags.timeout !== undefined && { run_timeout_secs: flags.timeout }),
    },
    // One run, then the worker leaves by itself.
    reusable: false,
    capabilities: {
      ...base.capabilities,
      enforce_permissions: flags.ask ?? base.capabilities.enforce_permissions,
      answer_pauses: true,
      ...(flags.plan && { permission_mode: "plan" as const }),
      sandbox: sandboxOf(flags, facts),
      ...skillsDirOf(flags, facts),
      ...budgetOf(flags, base),
      ...modelLimitsOf(flags, base),
      ...(flags.prices && { prices: flags.prices }),
      ...(facts.engine.type === "script" && { script: facts.engine.script }),
    },
  };
}

/** The spec with a token that `sheath run` shows its worker, where a socket's folder is no guard. */
export function withToken(spec: ProvisionSpec, token: string): ProvisionSpec {
  return { ...spec, secrets: { ...spec.secrets, worker_auth_token: token } };
}

/** The spec with the key of its model's provider. */
export function withKey(spec: ProvisionSpec, key: string): ProvisionSpec {
  const credentials = spec.secrets.provider_credentials.map((credential) =>
    credential.provider === spec.model?.provider ? { ...credential, api_key: key } : credential
  );
  return { ...spec, secrets: { ...spec.secrets, provider_credentials: credentials } };
}

function emptySpec({ id, fabricDir }: SpecFacts): ProvisionSpec {
  return {
    version: 1,
    identity: { child_id: id, role: "", depth: 0 },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: fabricDir,
    limits: {},
    secrets: { provider_credentials: [] },
    reusable: false,
    placement: { kind: "local" },
    capabilities: { enforce_permissions: false, nested_spawn: false, bypass: false },
  };
}

function runsOn(engine: Engine, base: ProvisionSpec): Partial<ProvisionSpec> {
  switch (engine.type) {
    case "given":
      return {};
    case "echo":
      return { executor: { kind: "echo" } };
    case "demo":
    case "script": {
      const model = { provider: "scripted", model: engine.type };
      return { executor: { kind: "bamboo_runtime" }, model };
    }
    case "model": {
      const { model, credential } = engine;
      const others = base.secrets.provider_credentials.filter(({ provider }) =>
        provider !== credential.provider
      );
      return {
        executor: { kind: "bamboo_runtime" },
        model,
        secrets: { ...base.secrets, provider_credentials: [credential, ...others] },
      };
    }
  }
}

function workspaceOf(flags: SpecFlags, { base, cwd, engine, demoFolder }: SpecFacts) {
  if (flags.workspace !== undefined) return resolve(cwd, flags.workspace);
  if (engine.type === "demo") return demoFolder;
  // An echo has no tools, so it need not be kept out of any folder.
  return base?.workspace ?? (engine.type === "echo" ? undefined : cwd);
}

function sandboxOf(flags: SpecFlags, { base, cwd, engine, os }: SpecFacts) {
  const given = base?.capabilities.sandbox ?? {};
  const inFull = (paths: readonly string[]) => paths.map((path) => resolve(cwd, path));
  const require = flags.require ?? given.require ?? leastLevel({ base, engine, os });
  return {
    ...given,
    ...(require !== undefined && { require }),
    ...(flags.commands !== undefined && { commands: commandsOf(flags.commands) }),
    ...(flags.trustWorkspace && { trust_workspace: true }),
    ...(flags.host && flags.host.length > 0 && { hosts: flags.host }),
    read: [...given.read ?? [], ...inFull(flags.read)],
    write: [...given.write ?? [], ...inFull(flags.write)],
  };
}

/** A whole spec says itself where its skills are. */
function skillsDirOf({ skills }: SpecFlags, { base, cwd, defaultSkills }: SpecFacts) {
  const usual = base === undefined ? defaultSkills : undefined;
  const folder = skills === undefined ? usual : resolve(cwd, skills);
  return folder === undefined ? {} : { skills_dir: folder };
}

function budgetOf(flags: SpecFlags, base: ProvisionSpec) {
  const budget = {
    ...base.capabilities.budget,
    ...(flags.maxTokens !== undefined && { total_tokens: flags.maxTokens }),
    ...(flags.maxCost !== undefined && { cost_usd: flags.maxCost }),
    ...(flags.maxToolCalls !== undefined && { tool_calls: flags.maxToolCalls }),
    ...(flags.maxSeconds !== undefined && { wall_secs: flags.maxSeconds }),
  };
  return Object.keys(budget).length === 0 ? {} : { budget };
}

function modelLimitsOf({ context, maxOutput }: SpecFlags, base: ProvisionSpec) {
  const model_limits = {
    ...base.capabilities.model_limits,
    ...(context !== undefined && { context_tokens: context }),
    ...(maxOutput !== undefined && { output_tokens: maxOutput }),
  };
  return Object.keys(model_limits).length === 0 ? {} : { model_limits };
}

/** An echo has no tools and hears no model: any level will do. */
function leastLevel({ base, engine, os }: Pick<SpecFacts, "base" | "engine" | "os">) {
  const isEcho = engine.type === "echo" ||
    (engine.type === "given" && base?.executor.kind === "echo");
  return isEcho ? undefined : usualLevel(os);
}

/** What is required when nobody says: where there is none, any level will do. */
export function usualLevel(os: string): Level | undefined {
  return os === "linux" ? "kernel" : undefined;
}

function commandsOf(flag: CommandsFlag): boolean | "unconfined" {
  return flag === "unconfined" ? flag : flag === "on";
}
