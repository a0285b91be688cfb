// How much of the cage is in force, as one word.

/** Weakest first. `deno`: narrowed permissions only; `kernel`: Landlock and seccomp as well. */
export const LEVELS = ["deno", "kernel", "namespace"] as const;

export type Level = (typeof LEVELS)[number];

export function isAtLeast(level: Level, wanted: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
}
