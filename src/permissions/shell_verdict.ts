// What the analysis of a command line came to; advice for whoever approves, never the boundary.

export type ShellVerdict = {
  /** `ask` is asked about whatever else is allowed: it is dangerous, or was not understood. */
  readonly type: "safe" | "warned" | "ask";
  /** Each a line, without a final period; none when safe. */
  readonly reasons: readonly string[];
  /** Every program of the line as it was written, also in substitutions, behind wrappers, in texts. */
  readonly programs: readonly string[];
  /** Whether it deletes files or folders. */
  readonly deletes: boolean;
  /** Safe, and made only of everyday file, git and build programs. */
  readonly everyday: boolean;
};

const DELETING_WORD = /\b(rm|rmdir|rd|del|erase|unlink|shred|delete|clean|remove-item)\b/i;

/** Of a line nobody could read; whether it deletes is then told by its words. */
export function notUnderstood(command: string, reason: string): ShellVerdict {
  return {
    type: "ask",
    reasons: [reason],
    programs: [],
    deletes: DELETING_WORD.test(command),
    everyday: false,
  };
}
