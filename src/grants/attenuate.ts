// What a worker's own child may get: never more than the worker has, in any dimension. Pure.
import { isInside } from "../base/path_inside.ts";
import { WorkerError } from "../core/errors.ts";
import type { ConfirmThreshold, PermissionMode } from "../protocol/sandbox_spec.ts";
import type { BudgetGrant } from "./budget.ts";
import type { CommandGrant, CommandLimits, Grants, SkillGrant } from "./grants.ts";
import { LEVELS } from "./level.ts";
import type { Route } from "./route.ts";
import { weakerWeb } from "./web_grant.ts";

/**
 * The part of `wanted` that lies within `parent`; where things lie stays as wanted, since a child
 * has folders of its own inside its parent's.
 * @throws WorkerError `refused` when the workspace itself is not the parent's to give.
 */
export function attenuate(parent: Grants, wanted: Grants): Grants {
  const writable = [parent.places.workspace, ...parent.places.write];
  const readable = [...writable, ...parent.places.read, ...parent.places.skills];
  const { workspace, read, write, skills } = wanted.places;
  if (!isInOne(workspace, writable)) {
    throw new WorkerError("refused", `workspace: "${workspace}" is outside the parent's folders`);
  }
  const isTrusting = parent.skills.trustsWorkspace && wanted.skills.trustsWorkspace;
  const child: Grants = {
    ...wanted,
    level: strongerOf(parent, wanted),
    missing: parent.missing,
    holdsSignals: parent.holdsSignals,
    places: {
      ...wanted.places,
      workspace,
      read: read.filter((path) => isInOne(path, readable)),
      write: write.filter((path) => isInOne(path, writable)),
      // What the parent's tools may have written is nobody's word for the child.
      skills: skills.filter((path) =>
        isInOne(path, readable) && (isTrusting || !isInOne(path, writable))
      ),
    },
    routes: wanted.routes.filter((route) => parent.routes.some((held) => isSame(held, route))),
    web: weakerWeb(parent.web, wanted.web),
    disabledTools: [...new Set([...parent.disabledTools, ...wanted.disabledTools])],
    commands: weakerOf(parent.commands, wanted.commands),
    skills: fewerSkills(parent.skills, wanted.skills),
    approvals: {
      enforced: parent.approvals.enforced || wanted.approvals.enforced,
      bypassed: parent.approvals.bypassed && wanted.approvals.bypassed,
      mode: strictestOf(parent.approvals.mode, wanted.approvals.mode),
      threshold: lowerOf(parent.approvals.threshold, wanted.approvals.threshold),
    },
    limits: {
      maxRounds: Math.min(parent.limits.maxRounds, wanted.limits.maxRounds),
      runTimeoutMs: least(parent.limits.runTimeoutMs, wanted.limits.runTimeoutMs),
      commands: leastLimits(parent.limits.commands, wanted.limits.commands),
    },
    budget: leastBudget(parent.budget, wanted.budget),
    // Cheaper ones would stretch the parent's budget.
    prices: parent.prices,
  };
  return child;
}

function isInOne(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => isInside(path, root));
}

function strongerOf(a: Grants, b: Grants): Grants["level"] {
  return LEVELS.indexOf(a.level) >= LEVELS.indexOf(b.level) ? a.level : b.level;
}

/** What lets least pass first. */
const MODES = ["plan", "dontAsk", "default", "acceptEdits", "bypassPermissions"] as const;
const THRESHOLDS = ["low", "medium", "high"] as const;

function strictestOf(a: PermissionMode, b: PermissionMode): PermissionMode {
  return MODES.indexOf(a) <= MODES.indexOf(b) ? a : b;
}

function lowerOf(a: ConfirmThreshold, b: ConfirmThreshold): ConfirmThreshold {
  return THRESHOLDS.indexOf(a) <= THRESHOLDS.indexOf(b) ? a : b;
}

/** Least first. */
const COMMANDS: readonly CommandGrant["type"][] = ["refused", "boxed", "unconfined"];

function weakerOf(a: CommandGrant, b: CommandGrant): CommandGrant {
  return COMMANDS.indexOf(a.type) <= COMMANDS.indexOf(b.type) ? a : b;
}

function fewerSkills(parent: SkillGrant, wanted: SkillGrant): SkillGrant {
  const { selected = parent.selected } = wanted;
  return {
    trustsWorkspace: parent.trustsWorkspace && wanted.trustsWorkspace,
    mode: wanted.mode,
    disabled: [...new Set([...parent.disabled, ...wanted.disabled])],
    selected: selected?.filter((name) => parent.selected?.includes(name) ?? true),
  };
}

/** The same place, by the same key. */
function isSame(a: Route, b: Route): boolean {
  return a.id === b.id && a.origin === b.origin && a.pathPrefix === b.pathPrefix &&
    a.protocol === b.protocol && a.credential === b.credential &&
    b.methods.every((method) => a.methods.includes(method));
}

/** Undefined is no limit. */
function least(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

function leastBudget(a: BudgetGrant, b: BudgetGrant): BudgetGrant {
  return {
    totalTokens: least(a.totalTokens, b.totalTokens),
    costUsd: least(a.costUsd, b.costUsd),
    toolCalls: least(a.toolCalls, b.toolCalls),
    subagents: least(a.subagents, b.subagents),
    wallMs: least(a.wallMs, b.wallMs),
  };
}

function leastLimits(a: CommandLimits, b: CommandLimits): CommandLimits {
  return {
    memoryBytes: Math.min(a.memoryBytes, b.memoryBytes),
    processes: Math.min(a.processes, b.processes),
    cpuSecs: least(a.cpuSecs, b.cpuSecs),
    fileBytes: Math.min(a.fileBytes, b.fileBytes),
    outputBytes: Math.min(a.outputBytes, b.outputBytes),
    tmpBytes: Math.min(a.tmpBytes, b.tmpBytes),
  };
}
