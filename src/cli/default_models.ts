// The model of each provider when nobody names one: the newest small-to-middle one of its family.

/** As of 2026-11-22: gpt-6-luna, generally available since 2026-09-22. */
export const DEFAULT_MODELS = {
  openai: "gpt-6-luna",
} as const;
