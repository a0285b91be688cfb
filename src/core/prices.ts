// What tokens cost: the price of a model, and of a call. Figures are price_table.ts's. Pure.
import { PRICE_TABLE } from "./price_table.ts";

/** US dollars for a million tokens. */
export type Rates = {
  readonly input: number;
  /** Input that the provider reads from its cache. */
  readonly cachedInput: number;
  /** Input that it writes to its cache. */
  readonly cacheWrite: number;
  readonly output: number;
};

export type Price = Rates & {
  /** What all tokens of a call cost whose prompt has more than `above` tokens. */
  readonly long?: (Rates & { readonly above: number }) | undefined;
};

/** Prices by the model's name. */
export type Prices = Readonly<Record<string, Price>>;

/** Tokens of one call as the provider counted them. */
export type TokenCounts = {
  readonly prompt: number;
  /** Parts of `prompt`. */
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
};

/**
 * By exact name in `own`, then in the table, where a snapshot has the price of its model:
 * `gpt-5-mini-2025-08-07`, `claude-haiku-4-5-20251001`. Undefined for a price nobody told us.
 */
export function priceOf(model: string, own: Prices): Price | undefined {
  if (Object.hasOwn(own, model)) return own[model];
  return PRICE_TABLE.get(model) ?? PRICE_TABLE.get(model.replace(SNAPSHOT, ""));
}

const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/** US dollars. */
export function costOf(price: Price, { prompt, cached, cacheWrite, output }: TokenCounts): number {
  const rates = ratesFor(price, prompt);
  const plain = Math.max(0, prompt - cached - cacheWrite);
  return (plain * rates.input + cached * rates.cachedInput + cacheWrite * rates.cacheWrite +
    output * rates.output) / 1_000_000;
}

/** What a call costs at most, however its prompt is cached. */
export function mostItCosts(
  price: Price,
  { prompt, output }: Pick<TokenCounts, "prompt" | "output">,
): number {
  const { input, cachedInput, cacheWrite } = ratesFor(price, prompt);
  const dearest = Math.max(input, cachedInput, cacheWrite);
  return costOf(
    { input: dearest, cachedInput: 0, cacheWrite: 0, output: ratesFor(price, prompt).output },
    { prompt, cached: 0, cacheWrite: 0, output },
  );
}

/** `$1.25`, `$0.0042`. */
export function usdText(usd: number): string {
  if (usd > 0 && usd < 0.0001) return "$0.0001";
  return `$${usd.toFixed(4).replace(/0{1,2}$/, "")}`;
}

function ratesFor({ long, ...usual }: Price, promptTokens: number): Rates {
  return long !== undefined && promptTokens > long.above ? long : usual;
}
