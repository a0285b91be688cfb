import { strict as assert } from "node:assert";
import { costOf, mostItCosts, type Price, priceOf, usdText } from "../../src/core/prices.ts";
import { PRICE_TABLE } from "../../src/core/price_table.ts";

const PRICE: Price = {
  input: 2,
  cachedInput: 0.2,
  cacheWrite: 4,
  output: 10,
  long: { above: 1_000, input: 4, cachedInput: 0.4, cacheWrite: 8, output: 15 },
};

Deno.test("priceOf() knows a model by its name, a snapshot by its model's, and guesses nothing", () => {
  const sol = PRICE_TABLE.get("gpt-6.2-sol");
  assert.ok(sol);
  assert.equal(priceOf("gpt-6.2-sol", {}), sol);
  assert.equal(priceOf("gpt-6.2-sol-2026-11-01", {}), sol);
  assert.equal(priceOf("claude-haiku-4-5-20251001", {}), PRICE_TABLE.get("claude-haiku-4-5"));
  for (const name of ["gpt-6.2", "gpt-6.2-sol-pro", "openai/gpt-6.2-sol", "toString", ""]) {
    assert.equal(priceOf(name, {}), undefined, name);
  }
});

Deno.test("priceOf() takes the spec's price first, also where we know another", () => {
  assert.equal(priceOf("gpt-6.2-sol", { "gpt-6.2-sol": PRICE }), PRICE);
  assert.equal(priceOf("mine", { mine: PRICE }), PRICE);
});

Deno.test("costOf() counts each part of the prompt at its own rate, and a long one at others", () => {
  const million = (counts: Parameters<typeof costOf>[1]) => costOf(PRICE, counts) * 1_000_000;
  assert.equal(
    million({ prompt: 1_000, cached: 500, cacheWrite: 100, output: 10 }),
    400 * 2 + 500 * 0.2 + 100 * 4 + 10 * 10,
  );
  assert.equal(
    million({ prompt: 1_001, cached: 0, cacheWrite: 1, output: 10 }),
    1_000 * 4 + 8 + 10 * 15,
  );
});

Deno.test("mostItCosts() is never less than the cost, however the prompt was cached", () => {
  for (const prompt of [1_000, 1_001]) {
    const most = mostItCosts(PRICE, { prompt, output: 7 });
    for (const [cached, cacheWrite] of [[0, 0], [prompt, 0], [0, prompt], [500, 500]] as const) {
      assert.ok(costOf(PRICE, { prompt, cached, cacheWrite, output: 7 }) <= most);
    }
  }
});

Deno.test("PRICE_TABLE has no price below zero, and none of a cache above writing to it", () => {
  for (const [name, { long, ...usual }] of PRICE_TABLE) {
    for (const rates of [usual, ...(long ? [long] : [])]) {
      assert.ok(rates.input > 0 && rates.output >= rates.input, name);
      assert.ok(rates.cachedInput <= rates.input && rates.input <= rates.cacheWrite, name);
    }
    if (long) assert.ok(long.input > usual.input && long.output > usual.output, name);
  }
});

Deno.test("usdText() shows cents, and small amounts in full", () => {
  const cases = [
    [0, "$0.00"],
    [1, "$1.00"],
    [0.98, "$0.98"],
    [0.0042, "$0.0042"],
    [
      1.2345,
      "$1.2345",
    ],
    [0.105, "$0.105"],
    [0.00001, "$0.0001"],
    [100, "$100.00"],
  ] as const;
  for (const [usd, text] of cases) assert.equal(usdText(usd), text);
});
