// Everything a worker may do, as one immutable value: each enforcement is projected from it.
import type { Prices } from "../core/prices.ts";
import type { ConfirmThreshold, PermissionMode } from "../protocol/sandbox_spec.ts";
import type { BudgetGrant } from "./budget.ts";
import type { Level } from "./level.ts";
import type { Places } from "./machine.ts";
import type { Route } from "./route.ts";
import type { WebGrant } from "./web_grant.ts";

export type Grants = {
  readonly level: Level;
  /** Why no stronger level is in force, one line each. */
  readonly missing: readonly string[];
  /** Whether the kernel keeps signals inside the domains. */
  readonly holdsSignals: boolean;
  readonly places: Places;
  readonly routes: readonly Route[];
  /** What pages may be fetched. */
  readonly web: WebGrant;
  /** Names of tools that are refused. */
  readonly disabledTools: readonly string[];
  readonly commands: CommandGrant;
  readonly skills: SkillGrant;
  readonly approvals: {
    /** Gated calls ask the host. */
    readonly enforced: boolean;
    /** Only forced asks reach the host. */
    readonly bypassed: boolean;
    readonly mode: PermissionMode;
    /** The least risk that is asked about. */
    readonly threshold: ConfirmThreshold;
  };
  readonly limits: {
    readonly maxRounds: number;
    /** Milliseconds a run may take; undefined for no limit. */
    readonly runTimeoutMs: number | undefined;
    readonly commands: CommandLimits;
  };
  readonly budget: BudgetGrant;
  /** What models cost, where the spec says it. */
  readonly prices: Prices;
};

/** Whether programs may be started. */
export type CommandGrant =
  | { readonly type: "refused"; readonly why: string }
  /** In the box that the kernel holds. */
  | { readonly type: "boxed" }
  /** As the user's own, because the spec says so by name. */
  | { readonly type: "unconfined" };

/** Which skills count; where they lie is among the places. */
export type SkillGrant = {
  /** Whether those count that tools may have written: the workspace's own. */
  readonly trustsWorkspace: boolean;
  readonly mode: string | undefined;
  /** Ids or names. */
  readonly disabled: readonly string[];
  /** Ids or names that alone count; undefined is all. */
  readonly selected: readonly string[] | undefined;
};

/** Bounds of what commands may take. The first two and `tmpBytes` hold for all of them together. */
export type CommandLimits = {
  readonly memoryBytes: number;
  readonly processes: number;
  /** Seconds of processor time of one process; undefined for no limit. */
  readonly cpuSecs: number | undefined;
  /** Largest file one may write. */
  readonly fileBytes: number;
  /** Most that is kept of each stream of one command. */
  readonly outputBytes: number;
  /** Most that their home and temporary folders may hold. */
  readonly tmpBytes: number;
};
