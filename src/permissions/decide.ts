// Whether the acts of a tool call may go on, must be asked about, or not: pure.
import { posix } from "node:path";
import type { Need } from "../core/need.ts";
import { descriptionOf, isAtLeast, type Risk, riskOf } from "../core/permission.ts";
import { type Act, actsOf } from "./acts.ts";
import { type Mode, planRefusal } from "./mode.ts";
import { applies, type Grant, isAskedBy, type Rule } from "./rules.ts";
import type { ShellVerdict } from "./shell_verdict.ts";

/** What a spec says about asking. */
export type PolicySettings = {
  /** Gated calls ask the host (spec: capabilities.enforce_permissions). */
  readonly enforced: boolean;
  /** Only forced asks reach the host (spec: capabilities.bypass). */
  readonly bypassed: boolean;
  /** spec: capabilities.permission_mode. */
  readonly mode: Mode;
  /** The least risk that is asked about (spec: capabilities.confirm_threshold). */
  readonly threshold: Risk;
};

export type Policy = PolicySettings & {
  readonly rules: {
    /** The first that applies counts. */
    readonly listed: readonly Rule[];
    /** `Tool(pattern)`: asked about whatever else is allowed. */
    readonly ask: readonly string[];
  };
  readonly grants: readonly Grant[];
};

export type Decision =
  | { readonly type: "allow" }
  | {
    readonly type: "ask";
    /** wire: approval_request.body. */
    readonly permission: string;
    readonly resource: string;
    /** The rule, in words, for the audit log. */
    readonly reason: string;
    readonly risk: Risk;
    /** Asked about even under bypass. */
    readonly forced: boolean;
  }
  /** `why` is what the model is told. */
  | { readonly type: "deny"; readonly resource: string; readonly why: string };

export type DecisionContext = {
  /** The tool's own name. */
  readonly tool: string;
  /** Of the shell commands among the needs, by command. */
  readonly verdicts: ReadonlyMap<string, ShellVerdict>;
  /** Wall-clock milliseconds. */
  readonly nowMs: number;
};

/**
 * One decision for each act the needs come to, in order; all must come out as allowed. A command
 * that deletes is two acts.
 */
export function decide(
  needs: readonly Need[],
  policy: Policy,
  context: DecisionContext,
): readonly Decision[] {
  if (!policy.enforced) return needs.map(() => ({ type: "allow" }));
  return needs
    .flatMap((need) => actsOf(need, context.verdicts))
    .map((act) => decideAct(act, policy, context));
}

function decideAct(act: Act, policy: Policy, { tool, nowMs }: DecisionContext): Decision {
  const { mode, rules, grants } = policy;
  const { resource } = act;
  if (mode === "plan") return { type: "deny", resource, why: planRefusal(tool) };
  const forcedBy = whyForced(act, policy, tool);
  const isBypassed = policy.bypassed || mode === "bypassPermissions";
  if (isBypassed && forcedBy === undefined) return { type: "allow" };
  const rule = rules.listed.find((listed) => applies(listed, act, nowMs));
  if (rule?.allowed === false) return denied(resource, resource);
  const given = grants.filter((grant) => applies(grant, act, nowMs));
  // A pattern was never meant for what is dangerous; this very act was.
  const isGiven = forcedBy === undefined
    ? rule !== undefined || given.length > 0
    : given.some(({ pattern }) => pattern === act.value);
  if (isGiven) return { type: "allow" };
  if (mode === "dontAsk") return denied(resource, `${resource} (permission mode dontAsk)`);
  return forcedBy === undefined ? ordinary(act, policy) : asked(act, forcedBy, { forced: true });
}

function ordinary(act: Act, { mode, threshold }: Policy): Decision {
  const risk = riskOf(act.permission);
  if (mode === "acceptEdits" && act.isEdit) return { type: "allow" };
  if (!isAtLeast(risk, threshold)) return { type: "allow" };
  const reason = `mode ${mode}, ${risk} risk, asked from ${threshold} on`;
  return asked(act, reason, { forced: false });
}

function asked(
  { permission, resource }: Act,
  reason: string,
  { forced }: { readonly forced: boolean },
): Decision {
  const risk = riskOf(permission);
  return { type: "ask", permission: descriptionOf(permission), resource, reason, risk, forced };
}

function denied(resource: string, about: string): Decision {
  return { type: "deny", resource, why: `Permission denied for: ${about}` };
}

function whyForced(act: Act, { rules }: Policy, tool: string): string | undefined {
  const rule = rules.ask.find((text) => isAskedBy(text, tool, act));
  if (rule !== undefined) return `ask rule ${rule}`;
  const isGuarded = rules.ask.length > 0 || rules.listed.some(({ allowed }) => !allowed);
  if (act.type === "path" && isGuarded && !posix.isAbsolute(act.value)) {
    return "a relative path, which no rule can be held against";
  }
  return act.forcedBy;
}
