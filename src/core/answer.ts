// Answers to the questions of a run: which count, and what they change.
import { isPlanOption, modeAfter, type ModeAfterPlan } from "./plan_approval.ts";
import type { Question, WantedPermission } from "./question.ts";

export type AcceptedAnswer =
  /** `answer` is the option as it was offered, or the answerer's own text. */
  | { readonly type: "accepted"; readonly answer: string }
  | { readonly type: "not_an_option" };

/** What an answer changes beside telling the model. */
export type RunChange =
  | { readonly type: "nothing" }
  | { readonly type: "plan_approved"; readonly mode: ModeAfterPlan }
  | { readonly type: "permissions_granted"; readonly wanted: readonly WantedPermission[] };

/** The first one says yes. */
export const PERMISSION_OPTIONS = ["Approve", "Deny"] as const;

/**
 * An option, told by its text in any case, or, where the question allows it, any text. Where the
 * answer gives nothing away, an option's number from 1 too (unless options are numbers themselves):
 * what is a number to one host may be a list of its own to another.
 */
export function acceptedAnswer(
  { options, allowCustom, subject }: Question,
  text: string,
): AcceptedAnswer {
  const answer = text.trim();
  const option = namedOption(options, answer) ??
    (subject.type === "anything" ? numberedOption(options, answer) : undefined);
  if (option !== undefined) return { type: "accepted", answer: option };
  return allowCustom && answer !== "" ? { type: "accepted", answer } : { type: "not_an_option" };
}

/** The option that is meant by its text; undefined for none. */
export function namedOption(options: readonly string[], text: string): string | undefined {
  return options.find((one) => one.trim() === text.trim()) ??
    options.find((one) => folded(one) === folded(text));
}

/** Whether the option is one of ours, and none that a model thought of. */
export function isOwnOption(option: string): boolean {
  return PERMISSION_OPTIONS.some((one) => one === option) || isPlanOption(option);
}

/** `answer` is an accepted one. */
export function changeOf({ subject }: Question, answer: string): RunChange {
  switch (subject.type) {
    case "anything":
      return { type: "nothing" };
    case "plan": {
      const mode = modeAfter(answer, subject.exitMode);
      return mode === undefined ? { type: "nothing" } : { type: "plan_approved", mode };
    }
    case "permissions": {
      const isYes = folded(answer) === folded(PERMISSION_OPTIONS[0]);
      return isYes ? { type: "permissions_granted", wanted: subject.wanted } : { type: "nothing" };
    }
  }
}

function numberedOption(options: readonly string[], answer: string): string | undefined {
  if (!/^[1-9]\d?$/.test(answer)) return undefined;
  if (options.some((option) => /^\d+$/.test(option.trim()))) return undefined;
  return options[Number(answer) - 1];
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}
