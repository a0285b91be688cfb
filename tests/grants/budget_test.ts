import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { budgetOf, checkPrice, pricesOf } from "../../src/grants/budget.ts";
import { decodeSpec, type ProvisionSpec } from "../../src/protocol/spec.ts";

const OPENAI = {
  protocol: "openai",
  name: "openai",
  credentialIndex: 0,
  baseUrl: "https://api.example/v1",
} as const;

function specWith(capabilities: Readonly<Record<string, unknown>>, model = "m"): ProvisionSpec {
  return decodeSpec(JSON.stringify({
    version: 1,
    identity: { child_id: "c-1" },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: "/run/fabric",
    model: { provider: "openai", model },
    capabilities,
  }));
}

Deno.test("budgetOf() takes the spec's limits, zero included, and has none of its own", () => {
  const budget = { total_tokens: 0, cost_usd: 0.5, tool_calls: 2, subagents: 3, wall_secs: 4 };
  assert.deepEqual(budgetOf(specWith({ budget }).capabilities), {
    totalTokens: 0,
    costUsd: 0.5,
    toolCalls: 2,
    subagents: 3,
    wallMs: 4_000,
  });
  const none = { totalTokens: undefined, costUsd: undefined, toolCalls: undefined };
  assert.deepEqual(budgetOf(specWith({}).capabilities), {
    ...none,
    subagents: undefined,
    wallMs: undefined,
  });
});

Deno.test("pricesOf() charges the cache as any other input where the spec does not say", () => {
  const prices = { a: { input: 1, output: 2 }, b: { input: 1, output: 2, cached_input: 0 } };
  assert.deepEqual(pricesOf(specWith({ prices }).capabilities), {
    a: { input: 1, output: 2, cachedInput: 1, cacheWrite: 1 },
    b: { input: 1, output: 2, cachedInput: 0, cacheWrite: 1 },
  });
});

Deno.test("checkPrice() refuses to count money for a model without a price, and only then", () => {
  const budget = { cost_usd: 1 };
  assert.throws(
    () => checkPrice(specWith({ budget }), OPENAI),
    (thrown) =>
      thrown instanceof WorkerError && thrown.fault === "bad_input" &&
      /^capabilities\.prices: no price is known .*capabilities\.budget\.cost_usd/
        .test(thrown.message),
  );
  checkPrice(specWith({ budget, prices: { m: { input: 0, output: 0 } } }), OPENAI);
  checkPrice(specWith({ budget }, "gpt-6-luna"), OPENAI);
  checkPrice(specWith({ budget: { total_tokens: 1 } }), OPENAI);
  checkPrice(specWith({ budget }), { protocol: "scripted", name: "scripted" });
  checkPrice(specWith({ budget }), undefined);
});
