// How much a worker may use up over all its runs, and what its models cost. Pure.
import { WorkerError } from "../core/errors.ts";
import { type Price, priceOf, type Prices } from "../core/prices.ts";
import type { PriceSpec } from "../protocol/sandbox_spec.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import type { ProviderChoice } from "../providers/route.ts";

/** Undefined is no limit; zero counts. */
export type BudgetGrant = {
  readonly totalTokens: number | undefined;
  readonly costUsd: number | undefined;
  readonly toolCalls: number | undefined;
  readonly subagents: number | undefined;
  /** Milliseconds that its runs may take together. */
  readonly wallMs: number | undefined;
};

export function budgetOf({ budget = {} }: ProvisionSpec["capabilities"]): BudgetGrant {
  return {
    totalTokens: budget.total_tokens,
    costUsd: budget.cost_usd,
    toolCalls: budget.tool_calls,
    subagents: budget.subagents,
    wallMs: budget.wall_secs === undefined ? undefined : budget.wall_secs * 1000,
  };
}

/** The prices that the spec tells, by the model's name. */
export function pricesOf({ prices = {} }: ProvisionSpec["capabilities"]): Prices {
  return Object.fromEntries(
    Object.entries(prices).map(([name, price]) => [name, priceFrom(price)]),
  );
}

/** What is not told of the cache costs what any other input does. */
function priceFrom({ input, output, cached_input, cache_write }: PriceSpec): Price {
  return { input, output, cachedInput: cached_input ?? input, cacheWrite: cache_write ?? input };
}

/**
 * Money cannot be counted for a model without a price; a script costs none.
 * @throws WorkerError `bad_input` that names the field.
 */
export function checkPrice(
  { capabilities, model }: ProvisionSpec,
  provider: ProviderChoice | undefined,
): void {
  if (capabilities.budget?.cost_usd === undefined) return;
  if (!provider || provider.protocol === "scripted" || !model) return;
  if (priceOf(model.model, pricesOf(capabilities))) return;
  throw new WorkerError(
    "bad_input",
    `capabilities.prices: no price is known for the model, expected one (capabilities.budget.cost_usd)`,
  );
}
