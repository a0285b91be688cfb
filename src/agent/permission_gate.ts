// Whether a tool call may go on: decides on what it needs, and asks the host where that is wanted.
import type { Clock } from "../base/clock.ts";
import { type Approval, APPROVAL_SECS } from "../core/approval.ts";
import type { Need } from "../core/need.ts";
import { decide, type Decision, type Policy } from "../permissions/decide.ts";
import type { ShellVerdict } from "../permissions/shell_verdict.ts";

export type PermissionGate = {
  readonly clock: Clock;
  readonly policy: Policy;
  /** Reads a shell command before it is decided on; only called when permissions are enforced. */
  readonly analyse: (command: string) => Promise<ShellVerdict>;
  /** Asks the host. */
  readonly approve: (
    request: { tool_name: string; permission: string; resource: string },
    signal: AbortSignal,
  ) => Promise<Approval>;
};

/**
 * Why the call may not go on, for the model; undefined when everything it needs is allowed. Nothing
 * is asked for a call of which a part is denied anyway. Rejects with the abort reason.
 */
export async function refusalOf(
  { tool, needs }: { readonly tool: string; readonly needs: readonly Need[] },
  gate: PermissionGate,
  signal: AbortSignal,
): Promise<string | undefined> {
  const decisions = await decisionsOn(tool, needs, gate);
  for (const decision of decisions) if (decision.type === "deny") return decision.why;
  for (const decision of decisions) {
    if (decision.type !== "ask") continue;
    const { permission, resource } = decision;
    const approval = await gate.approve({ tool_name: tool, permission, resource }, signal);
    const refusal = refusalText(approval, resource);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

async function decisionsOn(
  tool: string,
  needs: readonly Need[],
  { policy, analyse, clock }: PermissionGate,
): Promise<readonly Decision[]> {
  const verdicts = new Map<string, ShellVerdict>();
  for (const need of policy.enforced ? needs : []) {
    if (need.type === "execute_command") verdicts.set(need.command, await analyse(need.command));
  }
  return decide(needs, policy, { tool, verdicts, nowMs: clock.now() });
}

function refusalText(approval: Approval, resource: string): string | undefined {
  switch (approval) {
    case "allowed":
      return undefined;
    case "denied":
      return `Permission denied by host for: ${resource}`;
    case "timed_out":
      return `Permission request timed out after ${APPROVAL_SECS} s for: ${resource}`;
    case "no_approver":
      return `Permission not given, no approver is connected, for: ${resource}`;
    case "void":
      return `Permission request was withdrawn for: ${resource}`;
  }
}
