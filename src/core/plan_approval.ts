// The answers to a plan: which are offered, which count as a yes, and how a run goes on after one.
import type { ExitMode } from "./question.ts";

/** The mode of asking after a plan; each is one of permissions/mode.ts. */
export type ModeAfterPlan = "default" | "acceptEdits" | "dontAsk" | "bypassPermissions";

const APPROVALS: Readonly<Record<ExitMode, { readonly option: string; mode: ModeAfterPlan }>> = {
  default: { option: "Approve (Default mode)", mode: "default" },
  accept_edits: { option: "Approve (Accept edits mode)", mode: "acceptEdits" },
  dont_ask: { option: "Approve (Don't ask mode)", mode: "dontAsk" },
  bypass_permissions: { option: "Approve (Bypass permissions mode)", mode: "bypassPermissions" },
};

const STAY = "Stay in plan mode";
const REFUSALS = [STAY, "Edit plan first"] as const;

export function isExitMode(word: string): word is ExitMode {
  return Object.hasOwn(APPROVALS, word);
}

/** The options of a plan's question; `exitMode` is what the model proposes. */
export function planOptions(exitMode: ExitMode | undefined): readonly string[] {
  return [...offered(exitMode).map(({ option }) => option), ...REFUSALS];
}

/** Whether it is an option of some plan. */
export function isPlanOption(option: string): boolean {
  const approvals = Object.values(APPROVALS).map(({ option }) => option);
  return [...approvals, ...REFUSALS].includes(option);
}

/**
 * How the run goes on, or undefined when the answer is no yes. Only the whole text of an option
 * that was offered gives more than the default mode.
 */
export function modeAfter(
  answer: string,
  exitMode: ExitMode | undefined,
): ModeAfterPlan | undefined {
  const said = answer.trim().toLowerCase();
  if (!said.includes("approve") || said.includes(STAY.toLowerCase())) return undefined;
  const meant = offered(exitMode).find(({ option }) => option.toLowerCase() === said);
  return meant?.mode ?? "default";
}

function offered(exitMode: ExitMode = "accept_edits"): (typeof APPROVALS)[ExitMode][] {
  return exitMode === "default" ? [APPROVALS.default] : [APPROVALS.default, APPROVALS[exitMode]];
}
