// What grants mean, in words for a reviewer: who may touch what, and why not more. Pure.
import { grouped } from "../base/grouped.ts";
import { usdText } from "../core/prices.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import { type Domain, type Domains, domainsOf, type PathRule } from "./domain.ts";
import type { Grants } from "./grants.ts";
import { isAtLeast } from "./level.ts";
import { type CompartmentName, denoPermissions } from "./project.ts";
import type { Route } from "./route.ts";
import { PUBLIC_PORTS } from "./web_grant.ts";

export type ExplainFacts = {
  readonly spec: ProvisionSpec;
  readonly grants: Grants;
  /** Path of our own program. */
  readonly program: string;
  /** Names of the tools the model is offered, and of those that are left out. */
  readonly tools: { readonly offered: readonly string[]; readonly disabled: readonly string[] };
};

/** The same as data, for `--json`. Holds no secret: keys are named by their provider. */
export type Explanation = {
  readonly agent_id: string;
  readonly executor: string;
  readonly model: string | null;
  readonly level: string;
  /** Why no stronger level is in force. */
  readonly missing: readonly string[];
  readonly workspace: string;
  readonly storage_dir: string;
  readonly fabric_dir: string;
  readonly compartments: readonly CompartmentAccess[];
  readonly routes: readonly RouteAccess[];
  /** Hosts that pages may be fetched from, or what they must be. */
  readonly web: readonly string[];
  readonly tools: ExplainFacts["tools"];
  /** Folders of skills, strongest first, and whether those of the workspace count. */
  readonly skills: { readonly folders: readonly string[]; readonly of_workspace: boolean };
  readonly commands: string;
  readonly limits: {
    readonly max_rounds: number;
    readonly run_timeout_secs: number | null;
  };
  /** Over all runs; null is no limit. */
  readonly budget: {
    readonly total_tokens: number | null;
    readonly cost_usd: number | null;
    readonly tool_calls: number | null;
    readonly subagents: number | null;
    readonly wall_secs: number | null;
  };
  readonly approvals: string;
};

/** What one compartment may touch; an empty list is nothing. */
export type CompartmentAccess = {
  readonly name: "warden" | CompartmentName;
  readonly role: string;
  readonly network: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly run: readonly string[];
  readonly env: readonly string[];
  readonly secrets: readonly string[];
  /** The kernel's own rules, whatever the runtime lets; null where it has none. */
  readonly kernel: KernelAccess | null;
};

export type KernelAccess = {
  /** By access: what the spec leads to, and what of the system is let where it is there. */
  readonly files: readonly {
    readonly access: string;
    readonly paths: readonly string[];
    readonly system: readonly string[];
  }[];
  /** TCP ports that may be connected to. */
  readonly connect: readonly number[];
  readonly refused: readonly string[];
};

export type RouteAccess = {
  readonly id: string;
  /** Scheme, host, port and path prefix. */
  readonly target: string;
  readonly methods: readonly string[];
  /** Whose key it carries; null for none. */
  readonly key_of: string | null;
};

export function explain({ spec, grants, program, tools }: ExplainFacts): Explanation {
  const { executor, model, identity } = spec;
  const { places, limits } = grants;
  const hasModel = executor.kind === "bamboo_runtime";
  const routes = grants.routes.map((route) => routeAccess(route, spec));
  const domains = isAtLeast(grants.level, "kernel") ? domainsOf(grants, { program }) : undefined;
  const wardenAccess = warden(hasModel, kernelAccess(domains?.process, grants));
  return {
    agent_id: identity.child_id,
    executor: executor.kind,
    model: hasModel && model ? `${model.provider}:${model.model}` : null,
    level: grants.level,
    missing: grants.missing,
    workspace: places.workspace,
    storage_dir: places.storageDir,
    fabric_dir: places.fabricDir,
    compartments: [
      wardenAccess,
      ...(hasModel ? threads(grants, { program, domains, routes }) : []),
    ],
    routes,
    web: hasModel ? webAccess(grants) : [],
    tools: hasModel ? tools : { offered: [], disabled: [] },
    skills: {
      folders: hasModel ? places.skills : [],
      of_workspace: hasModel && grants.skills.trustsWorkspace,
    },
    commands: commandsText(grants),
    limits: {
      max_rounds: limits.maxRounds,
      run_timeout_secs: limits.runTimeoutMs === undefined ? null : limits.runTimeoutMs / 1000,
    },
    budget: budgetAccess(grants),
    approvals: approvalsText(grants.approvals),
  };
}

/** For people, with a newline at its end. What it names is not made harmless for a terminal. */
export function explanationText(explanation: Explanation): string {
  const { agent_id, executor, model, level, missing, limits, tools } = explanation;
  const timeout = limits.run_timeout_secs === null
    ? "no time limit"
    : `${limits.run_timeout_secs} s a run`;
  return [
    row("agent", agent_id),
    row("runs", model === null ? executor : `${executor} on ${model}`),
    row("level", level),
    ...missing.map((why) => row("", `no stronger one: ${why}`)),
    row("workspace", explanation.workspace),
    row("storage", explanation.storage_dir),
    row("records", explanation.fabric_dir),
    "",
    ...explanation.compartments.flatMap(compartmentLines),
    ...rows("routes", orNone(explanation.routes.map(routeText))),
    ...rows("web", orNone(explanation.web)),
    row("tools", listed(tools.offered)),
    row("disabled", listed(tools.disabled)),
    ...rows("skills", skillsLines(explanation.skills)),
    row("commands", explanation.commands),
    row("limits", `${limits.max_rounds} rounds, ${timeout}`),
    row("budget", budgetText(explanation.budget)),
    row("approvals", explanation.approvals),
    "",
  ].join("\n");
}

/** The main thread: it hears no model, checks every message, and lets go of what it held at boot. */
function warden(hasModel: boolean, kernel: KernelAccess | null): CompartmentAccess {
  return {
    name: "warden",
    role: hasModel ? "trusted; hears no model" : "trusted; echoes words itself, starts nothing",
    network: ["the one socket its host connects to"],
    read: ["what this user may"],
    write: ["what this user may"],
    run: [],
    env: [],
    secrets: [],
    kernel,
  };
}

function kernelAccess(
  domain: Domain | undefined,
  { holdsSignals }: Grants,
): KernelAccess | null {
  if (!domain) return null;
  const byAccess = Map.groupBy(domain.paths, ({ access }) => access);
  const pathsOf = (rules: readonly PathRule[]) => [...new Set(rules.map(({ path }) => path))];
  return {
    files: [...byAccess].map(([access, rules]) => ({
      access,
      paths: pathsOf(rules.filter(({ optional }) => !optional)),
      system: pathsOf(rules.filter(({ optional }) => optional)),
    })),
    connect: domain.connectPorts,
    refused: [
      ...(domain.isSealed ? ["sockets", "System V objects"] : []),
      ...(holdsSignals ? ["signals to others"] : []),
      "namespaces",
      "mounts",
      "tracing",
      "kernel keys and programs",
    ],
  };
}

function kernelLines(access: KernelAccess | null): string[] {
  if (!access) return [];
  return [
    ...access.files.flatMap(({ access, paths, system }) => [
      ...paths.map((path) => `${access} ${path}`),
      ...(system.length > 0 ? [`${access} ${counted(system.length)} of the system`] : []),
    ]),
    ...(access.connect.length > 0 ? [`TCP to port ${access.connect.join(", ")} only`] : []),
    `no ${access.refused.join(", ")}`,
  ];
}

function counted(places: number): string {
  return places === 1 ? "1 place" : `${places} places`;
}

function skillsLines({ folders, of_workspace }: Explanation["skills"]): readonly string[] {
  const own = of_workspace
    ? "those of the workspace, which count: it is trusted"
    : "none of the workspace: capabilities.sandbox.trust_workspace is false";
  return [...folders, own];
}

function commandsText({ commands, limits: { commands: limits }, places }: Grants): string {
  switch (commands.type) {
    case "refused":
      return `refused: ${commands.why}`;
    case "unconfined":
      return "UNCONFINED, with all rights of this user: the spec says so";
    case "boxed":
      return [
        `boxed as hands is, home and temporary folder in ${places.storageDir}`,
        `${limits.processes} processes`,
        `${inMib(limits.memoryBytes)} memory`,
        `${inMib(limits.fileBytes)} a file`,
        `${inMib(limits.tmpBytes)} temporary`,
      ].join(", ");
  }
}

function inMib(bytes: number): string {
  return `${Math.round(bytes / (1024 * 1024))} MiB`;
}

const ROLES: Readonly<Record<CompartmentName, string>> = {
  gateway: "holds the keys; hears no model",
  agent: "hears the model; holds nothing",
  hands: "does what tools do to files",
};

function threads(
  grants: Grants,
  { program, domains, routes }: {
    readonly program: string;
    readonly domains: Domains | undefined;
    readonly routes: readonly RouteAccess[];
  },
): CompartmentAccess[] {
  const permissions = denoPermissions(grants, program);
  const keys = routes.flatMap(({ key_of }) => key_of === null ? [] : [`the key of ${key_of}`]);
  return (["gateway", "agent", "hands"] as const).map((name) => {
    const { net, read, write, run, env } = permissions[name];
    return {
      name,
      role: ROLES[name],
      network: orEmpty(net),
      read: orEmpty(read),
      write: orEmpty(write),
      run: orEmpty(run),
      env: orEmpty(env),
      secrets: name === "gateway" ? [...new Set(keys)] : [],
      kernel: kernelAccess(name === "gateway" ? domains?.process : domains?.[name], grants),
    };
  });
}

function routeAccess(route: Route, spec: ProvisionSpec): RouteAccess {
  const credential = spec.secrets.provider_credentials[route.credential];
  const hasKey = credential !== undefined && credential.api_key.trim() !== "";
  return {
    id: route.id,
    target: `${route.origin}${route.pathPrefix}`,
    methods: route.methods,
    key_of: hasKey ? credential.provider : null,
  };
}

function budgetAccess({ budget }: Grants): Explanation["budget"] {
  const { totalTokens, costUsd, toolCalls, subagents, wallMs } = budget;
  return {
    total_tokens: totalTokens ?? null,
    cost_usd: costUsd ?? null,
    tool_calls: toolCalls ?? null,
    subagents: subagents ?? null,
    wall_secs: wallMs === undefined ? null : wallMs / 1000,
  };
}

function budgetText(budget: Explanation["budget"]): string {
  const { total_tokens, cost_usd, tool_calls, subagents, wall_secs } = budget;
  return listed([
    ...(total_tokens === null ? [] : [`${grouped(total_tokens)} tokens`]),
    ...(cost_usd === null ? [] : [usdText(cost_usd)]),
    ...(tool_calls === null ? [] : [`${grouped(tool_calls)} tool calls`]),
    ...(subagents === null ? [] : [`${grouped(subagents)} sub-agents`]),
    ...(wall_secs === null ? [] : [`${grouped(wall_secs)} s`]),
  ]);
}

function webAccess({ web }: Grants): readonly string[] {
  if (web.type === "hosts") return web.hosts;
  return [`any host with global addresses only, at port ${PUBLIC_PORTS.join(" or ")}`];
}

function approvalsText({ enforced, bypassed }: Grants["approvals"]): string {
  if (!enforced) return "none asked: the cage is the boundary";
  return bypassed ? "asked only where they are forced" : "each gated call asks the host";
}

const KINDS = ["network", "read", "write", "run", "env", "secrets"] as const;

function compartmentLines(access: CompartmentAccess): string[] {
  return [
    `${access.name}: ${access.role}`,
    ...KINDS.flatMap((kind) => rows(kind, orNone(access[kind]))).map((line) => `  ${line}`),
    ...rows("kernel", kernelLines(access.kernel)).map((line) => `  ${line}`),
    "",
  ];
}

function routeText({ id, target, methods, key_of }: RouteAccess): string {
  const key = key_of === null ? "without a key" : `with the key of ${key_of}`;
  return `${id}: ${methods.join(", ")} ${target}/… ${key}`;
}

/** One line for each value, the name before the first. */
function rows(name: string, values: readonly string[]): string[] {
  return values.map((value, index) => row(index === 0 ? name : "", value));
}

function row(name: string, value: string): string {
  return `${name.padEnd(11)}${value}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

function orNone(values: readonly string[]): readonly string[] {
  return values.length === 0 ? ["none"] : values;
}

function orEmpty(granted: boolean | readonly string[]): readonly string[] {
  if (granted === true) return ["any host"];
  return granted === false ? [] : granted;
}
