// List prices of models, US dollars for a million tokens, as their makers published them up to
// 2026-11-22. A model whose price could not be looked up is left out: it has none here.
//
//   https://developers.openai.com/api/docs/pricing and …/api/docs/models/<model>
//   https://platform.claude.com/docs/en/about-claude/pricing
//   https://ai.google.dev/gemini-api/docs/pricing
//
// Where a price depends on what the answer does not tell, the dearer one stands: cache writes of
// Anthropic for an hour, of gpt-6.2-sol for 12 hours; gemini-3.8-flash and -3.6-flash without what
// is taken off until 2026-12-31; input from the cache as any other where its price is not known.
import type { Price, Rates } from "./prices.ts";

export const PRICE_TABLE: ReadonlyMap<string, Price> = new Map([
  ...openAi("gpt-6-astra", rates(10, 1, 12.5, 50)),
  ...openAi("gpt-6.2-sol", rates(2, 0.1, 5, 10)),
  ...openAi("gpt-6-sol", rates(2, 0.2, 2.5, 10)),
  ...openAi("gpt-6-luna", rates(0.1, 0.01, 0.125, 0.5)),
  ...openAi("gpt-5.6-sol", rates(4, 0.4, 5, 20)),
  ...openAi("gpt-5.6-terra", rates(2, 0.2, 2.5, 12)),
  ...openAi("gpt-5.6-luna", rates(0.2, 0.02, 0.25, 1.2)),
  ["gpt-5.4-mini", rates(0.75, 0.075, 0.75, 4.5)],
  ["gpt-5", rates(1.25, 0.125, 1.25, 10)],
  ["gpt-5-mini", rates(0.25, 0.025, 0.25, 2)],
  ["gpt-4o", rates(2.5, 1.25, 2.5, 10)],
  ["gpt-4o-mini", rates(0.15, 0.075, 0.15, 0.6)],

  ["claude-fable-5-1", rates(10, 0.25, 20, 50)],
  ["claude-fable-5", rates(10, 1, 20, 50)],
  ["claude-opus-5-5", rates(4, 0.2, 8, 20)],
  ["claude-opus-5", rates(5, 0.5, 10, 25)],
  ["claude-opus-4-8", rates(5, 0.5, 10, 25)],
  ["claude-opus-4-7", rates(5, 0.5, 10, 25)],
  ["claude-opus-4-6", rates(5, 0.5, 10, 25)],
  ["claude-opus-4-5", rates(5, 0.5, 10, 25)],
  ["claude-sonnet-5-5", rates(2, 0.1, 4, 10)],
  ["claude-sonnet-5", rates(2, 0.2, 4, 10)],
  ["claude-sonnet-4-6", rates(3, 0.3, 6, 15)],
  ["claude-haiku-5-5", {
    ...rates(0.1, 0.01, 0.2, 0.5),
    long: { above: 100_000, ...rates(0.5, 0.05, 1, 2.5) },
  }],
  ["claude-haiku-4-5", rates(1, 0.1, 2, 5)],

  ["gemini-3.8-flash", rates(1.5, 0.15, 1.5, 7.5)],
  ["gemini-3.6-flash", rates(1.5, 0.15, 1.5, 7.5)],
  ["gemini-3.5-flash", rates(1.5, 1.5, 1.5, 9)],
  ["gemini-3.5-flash-lite", rates(0.3, 0.03, 0.3, 2.5)],
  ["gemini-3.1-pro-preview", {
    ...rates(2, 0.2, 2, 12),
    long: { above: 200_000, ...rates(4, 4, 4, 18) },
  }],
]);

function rates(input: number, cachedInput: number, cacheWrite: number, output: number): Rates {
  return { input, cachedInput, cacheWrite, output };
}

/** From gpt-5.6 on: twice for input and cache, half as much again for output, above 272,000. */
function openAi(model: string, usual: Rates): [string, Price][] {
  const { input, cachedInput, cacheWrite, output } = usual;
  const long = rates(2 * input, 2 * cachedInput, 2 * cacheWrite, 1.5 * output);
  return [[model, { ...usual, long: { above: 272_000, ...long } }]];
}
