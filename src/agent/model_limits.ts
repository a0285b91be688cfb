// How much a model takes in and gives out, by the family its name tells. Pure.

export type ModelLimits = {
  /** Prompt and answer together, in tokens. */
  readonly contextTokens: number;
  readonly outputTokens: number;
};

/** What the spec says of its model; it wins. */
export type LimitsWish = {
  readonly contextTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
};

/** Of a model nobody has told us about. */
const UNKNOWN: ModelLimits = { contextTokens: 128_000, outputTokens: 8_192 };

/** An answer's room where the spec tells the context alone. */
const UNTOLD_OUTPUT = 4_096;

/** The name alone decides: a router's prefix is cut, and its dots count as dashes. */
export function modelLimits(model: string, wish: LimitsWish = {}): ModelLimits {
  const name = (model.split("/").at(-1) ?? model).toLowerCase().replaceAll(".", "-");
  const known = FAMILIES.find(([family]) => family.test(name))?.[1] ?? UNKNOWN;
  const contextTokens = wish.contextTokens ?? known.contextTokens;
  const untold = wish.contextTokens === undefined
    ? known.outputTokens
    : Math.min(UNTOLD_OUTPUT, Math.floor(contextTokens / 4));
  const outputTokens = wish.outputTokens ?? untold;
  return { contextTokens, outputTokens: Math.min(outputTokens, Math.floor(contextTokens / 2)) };
}

/** Of a script: it has no context that could be full, unless it plays one that has. */
export function scriptLimits({ contextTokens = 1e9, outputTokens = 1e6 }: LimitsWish): ModelLimits {
  return { contextTokens, outputTokens };
}

// The first that fits counts. As the providers' model pages said in November 2026:
// platform.claude.com/docs/en/models, developers.openai.com/api/docs/models,
// ai.google.dev/gemini-api/docs/models, api-docs.deepseek.com.
const FAMILIES: readonly (readonly [RegExp, ModelLimits])[] = [
  [/^claude-(fable|mythos|opus-[5-9]|opus-4-[6-9]|sonnet-[5-9]|sonnet-4-[6-9])/, limits(1000, 128)],
  [/^claude-(haiku-[4-9]|opus-4-5|sonnet-4|3-7)/, limits(200, 64)],
  [/^claude-opus-4/, limits(200, 32)],
  [/^claude-3-5/, { contextTokens: 200_000, outputTokens: 8_192 }],
  [/^claude/, { contextTokens: 200_000, outputTokens: 4_096 }],
  [/^gpt-5(-\d)?-(mini|nano)/, limits(400, 128)],
  [/^gpt-(5-[4-9]|[6-9])/, limits(1050, 128)],
  [/^gpt-5(-\d)?-chat/, { contextTokens: 128_000, outputTokens: 16_384 }],
  [/^gpt-5/, limits(400, 128)],
  [/^gpt-4-1/, { contextTokens: 1_047_576, outputTokens: 32_768 }],
  [/^gpt-4-turbo/, { contextTokens: 128_000, outputTokens: 4_096 }],
  [/^gpt-4(-\d{4}|$)/, { contextTokens: 8_192, outputTokens: 4_096 }],
  [/^gpt-3-5/, { contextTokens: 16_385, outputTokens: 4_096 }],
  [/^gpt-4o/, { contextTokens: 128_000, outputTokens: 16_384 }],
  [/^o[134](-|$)/, limits(200, 100)],
  [/^gemini-2-0/, { contextTokens: 1_048_576, outputTokens: 8_192 }],
  [/^gemini-(2-5|[3-9])/, { contextTokens: 1_048_576, outputTokens: 65_536 }],
];

function limits(contextThousands: number, outputThousands: number): ModelLimits {
  return { contextTokens: contextThousands * 1000, outputTokens: outputThousands * 1000 };
}
