// Rules by name: what OpenAI's own models refuse that other servers want or ignore. As documented
// and reported up to November 2026; the names are those of the SDK 7.57.0 (2026-11).
import type OpenAI from "openai";

export type Effort = NonNullable<OpenAI.ReasoningEffort>;

/** The o-series and gpt-5 onwards take `max_completion_tokens`, and nothing older everywhere. */
export function countsCompletion(model: string): boolean {
  return /^(?:openai\/)?(?:o\d|gpt-(?:[5-9]|\d\d))(?![a-z\d])/.test(model);
}

/** The o-series refuses `parallel_tool_calls`, whatever its value. */
export function takesParallelCalls(model: string): boolean {
  return !/^(?:openai\/)?o\d(?![a-z\d])/.test(model);
}

/**
 * Chat completions refuse tools to gpt-5.4 onwards unless reasoning is switched off by `none`.
 * Behind a router's prefix the router sees to it.
 */
export function reasonsWithToolsElsewhere(model: string): boolean {
  return /^gpt-(?:5\.[4-9]|[6-9]|\d\d)(?![a-z\d])/.test(model);
}

/** These two know no `none`, so chat completions give them no tools at all. */
export function canSwitchReasoningOff(model: string): boolean {
  return !/^gpt-(?:6-astra|6\.1-sol)/.test(model);
}

/** Whether only `/responses` serves it. A star stands for any rest of the name. */
export function isResponsesOnly(model: string): boolean {
  const name = model.replace(/^openai\//, "");
  return RESPONSES_ONLY.some((only) =>
    only.endsWith("*") ? name.startsWith(only.slice(0, -1)) : name === only
  );
}

/**
 * What the SDK lists for responses and not for chat completions, and the codex and pro models,
 * whose pages in the API reference name no other endpoint.
 */
const RESPONSES_ONLY = [
  "codex-mini-latest",
  "computer-use-preview*",
  "gpt-5-codex*",
  "gpt-5-pro*",
  "gpt-5.1-codex*",
  "gpt-5.2-codex*",
  "gpt-5.2-pro*",
  "gpt-5.3-codex*",
  "gpt-5.4-pro*",
  "gpt-5.5-pro*",
  "gpt-5.6-cyber*",
  "gpt-6-cyber*",
  "gpt-6-rosalind*",
  "gpt-daybreak-*",
  "gpt-rosalind-research*",
  "o1-pro*",
  "o3-deep-research*",
  "o3-pro*",
  "o4-mini-deep-research*",
];

/** Whether it reasons: others refuse `reasoning` and its sealed content. */
export function reasons(model: string): boolean {
  return /^(?:openai\/)?(?:o\d|codex-mini|gpt-(?:[5-9]|\d\d)(?!.*-chat))(?![a-z\d])/.test(model);
}

/** Older ones, codex and chat models know no verbosity but `medium`. */
export function takesVerbosity(model: string): boolean {
  return /^(?:openai\/)?gpt-(?:[5-9]|\d\d)(?![a-z\d])(?!.*-(?:chat|codex))/.test(model);
}

/** An unknown word is none. An effort that was asked for is never lowered silently. */
export function effortOf(asked: string | undefined): Effort | undefined {
  return EFFORTS.get(asked ?? "");
}

const EFFORTS: ReadonlyMap<string, Effort> = new Map([
  ["none", "none"],
  ["minimal", "minimal"],
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["xhigh", "xhigh"],
  ["max", "max"],
]);
