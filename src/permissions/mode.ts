// The modes of asking, as a spec or a host names them.

/**
 * `default` asks from a threshold on; `plan` blocks whatever changes something; `acceptEdits` lets
 * edits and everyday commands pass; `dontAsk` denies what is not listed instead of asking;
 * `bypassPermissions` asks only what is forced.
 */
export const MODES = ["default", "plan", "acceptEdits", "dontAsk", "bypassPermissions"] as const;

export type Mode = (typeof MODES)[number];

/** What a tool that plan mode blocks is told. */
export function planRefusal(tool: string): string {
  return `Plan mode: ${tool} operation blocked`;
}
