// Everything a worker may do, as one immutable value: each enforcement is projected from it.
import type { Level } from "./level.ts";
import type { Places } from "./machine.ts";
import type { Route } from "./route.ts";

export type Grants = {
  readonly level: Level;
  /** Why no stronger level is in force, one line each. */
  readonly missing: readonly string[];
  readonly places: Places;
  readonly routes: readonly Route[];
  /** Names of tools that are refused. */
  readonly disabledTools: readonly string[];
  /** Whether programs may be started, and if not, why. */
  readonly commands: { readonly type: "refused"; readonly why: string };
  readonly approvals: {
    /** Gated calls ask the host. */
    readonly enforced: boolean;
    /** Only forced asks reach the host. */
    readonly bypassed: boolean;
  };
  readonly limits: {
    readonly maxRounds: number;
    /** Milliseconds a run may take; undefined for no limit. */
    readonly runTimeoutMs: number | undefined;
  };
};
