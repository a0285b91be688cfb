// From flags and a chosen engine to the spec of one run. Pure.
import { resolve } from "node:path";
import type { Level } from "../grants/level.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import type { Engine } from "./engine.ts";

export const COMMANDS_FLAGS = ["on", "off", "unconfined"] as const;
export type CommandsFlag = typeof COMMANDS_FLAGS[number];

/** The flags that shape a spec, as the command line gave them. */
export type SpecFlags = {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly workspace?: string;
  readonly role?: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly maxRounds?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly require?: Level;
  readonly commands?: CommandsFlag;
  readonly fabric?: string;
  /** Ask for approvals. */
  readonly ask: boolean;
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
    storage_dir: base.storage_dir ?? `${facts.runsDir}/${child_id}`,
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
      enforce_permissions: flags.ask || base.capabilities.enforce_permissions,
      answer_pauses: true,
      sandbox: sandboxOf(flags, facts),
      ...(facts.engine.type === "script" && { script: facts.engine.script }),
    },
  };
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
    read: [...given.read ?? [], ...inFull(flags.read)],
    write: [...given.write ?? [], ...inFull(flags.write)],
  };
}

/** An echo has no tools and hears no model: any level will do. */
function leastLevel({ base, engine, os }: Pick<SpecFacts, "base" | "engine" | "os">) {
  const isEcho = engine.type === "echo" ||
    (engine.type === "given" && base?.executor.kind === "echo");
  return os === "linux" && !isEcho ? "kernel" : undefined;
}

function commandsOf(flag: CommandsFlag): boolean | "unconfined" {
  return flag === "unconfined" ? flag : flag === "on";
}
