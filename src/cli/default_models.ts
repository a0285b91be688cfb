// The model of each provider when nobody names one: the newest small-to-middle one of its family.

/** As of 2026-11-23, by the providers' own lists of models. */
export const DEFAULT_MODELS = {
  /** Generally available since 2026-09-22. */
  openai: "gpt-6-luna",
  /** Since 2026-10-07. */
  anthropic: "claude-haiku-5-5",
  /** Since 2026-09-02. */
  gemini: "gemini-3.8-flash",
} as const;
