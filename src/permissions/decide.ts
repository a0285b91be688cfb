// Whether a tool call may go on, must be asked about, or not: pure, by what the call needs.
import type { Need } from "../core/need.ts";

export type Policy = {
  /** Gated calls ask the host (spec: capabilities.enforce_permissions). */
  readonly enforced: boolean;
  /** Only forced asks reach the host (spec: capabilities.bypass). */
  readonly bypassed: boolean;
};

export type Decision =
  | { readonly type: "allow" }
  | { readonly type: "ask"; readonly permission: string; readonly resource: string };

/** One decision for each need, in order; all must come out as allowed. */
export function decide(needs: readonly Need[], policy: Policy): readonly Decision[] {
  if (!policy.enforced || policy.bypassed) return needs.map(() => ({ type: "allow" }));
  return needs.map((need) => ({
    type: "ask",
    permission: DESCRIPTIONS[need.type],
    resource: need.path,
  }));
}

/** The wire's words for a permission type (wire: approval_request.body.permission). */
const DESCRIPTIONS: Readonly<Record<Need["type"], string>> = {
  write_file: "Write files to disk",
};
