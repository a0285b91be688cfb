import fc from "fast-check";
import { strict as assert } from "node:assert";
import { type Amount, Ledger, type Limits, Reservation } from "../../src/gateway/ledger.ts";

const NO_LIMIT: Limits = { tokens: undefined, nanoUsd: undefined };
const CENT = 10_000_000;

function tokens(count: number): Amount {
  return { tokens: count, nanoUsd: 0 };
}

function reserved(ledger: Ledger, amount: Amount): Reservation {
  const found = ledger.reserve(amount);
  assert.ok(found instanceof Reservation);
  return found;
}

function whyNot(ledger: Ledger, amount: Amount): string {
  const found = ledger.reserve(amount);
  assert.ok(!(found instanceof Reservation));
  return found.why;
}

Deno.test("Ledger.reserve() gives what is left and refuses more, naming budget and figures", async (t) => {
  await t.step("of tokens", () => {
    const ledger = new Ledger({ ...NO_LIMIT, tokens: 100_000 });
    reserved(ledger, tokens(98_000));
    assert.equal(
      whyNot(ledger, tokens(2_300)),
      "Budget reached: 98,000 of 100,000 tokens, 2,300 more needed (capabilities.budget.total_tokens)",
    );
    reserved(ledger, tokens(2_000));
    assert.deepEqual(ledger.left, { tokens: 0, nanoUsd: Infinity });
  });
  await t.step("of money", () => {
    const ledger = new Ledger({ ...NO_LIMIT, nanoUsd: 100 * CENT });
    reserved(ledger, { tokens: 5, nanoUsd: 98 * CENT });
    assert.equal(
      whyNot(ledger, { tokens: 5, nanoUsd: 3 * CENT }),
      "Budget reached: $0.98 of $1.00, $0.03 more needed (capabilities.budget.cost_usd)",
    );
    assert.deepEqual(ledger.left, { tokens: Infinity, nanoUsd: 2 * CENT });
  });
});

Deno.test("Ledger.reserve() lets nothing pass where the limit is zero", () => {
  const ledger = new Ledger({ ...NO_LIMIT, tokens: 0 });
  assert.match(whyNot(ledger, tokens(1)), /^Budget reached: 0 of 0 tokens, 1 more needed /);
});

Deno.test("Ledger.reserve() takes nothing when either budget refuses", () => {
  const ledger = new Ledger({ tokens: 10, nanoUsd: 10 });
  whyNot(ledger, { tokens: 1, nanoUsd: 11 });
  whyNot(ledger, { tokens: 11, nanoUsd: 1 });
  assert.deepEqual(ledger.left, { tokens: 10, nanoUsd: 10 });
});

Deno.test("Reservation counts what was spent once, whatever is said of it later", () => {
  const ledger = new Ledger({ ...NO_LIMIT, tokens: 100 });
  const reservation = reserved(ledger, tokens(60));
  reservation.settle(tokens(20));
  assert.equal(ledger.left.tokens, 80);
  reservation.settle(tokens(1));
  reservation.release();
  assert.equal(ledger.left.tokens, 80);
});

Deno.test("Reservation charges what was spent beyond it, and then nothing more is given", () => {
  const ledger = new Ledger({ ...NO_LIMIT, tokens: 100 });
  reserved(ledger, tokens(60)).settle(tokens(130));
  assert.equal(ledger.left.tokens, 0);
  assert.match(whyNot(ledger, tokens(1)), /^Budget reached: 130 of 100 tokens/);
});

type Ending = "settle" | "release" | "abort";

Deno.test("Ledger: fifty that race for the last of a budget never spend more, in whatever order they end", () => {
  const spender = fc.record({
    asks: fc.nat(400),
    nanoUsd: fc.nat(300),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    ending: fc.constantFrom<Ending>("settle", "release", "abort"),
    /** When it asks and when it ends, among all others. */
    at: fc.tuple(fc.nat(1_000), fc.nat(1_000)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]),
  });
  const race = fc.array(spender, { minLength: 50, maxLength: 50 });
  fc.assert(
    fc.property(race, fc.nat(1_000), fc.nat(1_000), (spenders, limit, spent) => {
      const limits = { tokens: limit + spent, nanoUsd: limit + spent };
      const ledger = new Ledger(limits);
      reserved(ledger, { tokens: spent, nanoUsd: spent }).settle({ tokens: spent, nanoUsd: spent });
      const truth = { tokens: spent, nanoUsd: spent };
      const open = new Map<number, Reservation>();
      const steps = spenders.flatMap(({ at: [from = 0, to = 0] }, index) => [
        { at: from, index, begins: true },
        { at: to, index, begins: false },
      ]).toSorted((a, b) => a.at - b.at || Number(b.begins) - Number(a.begins));
      for (const { index, begins } of steps) {
        const { asks, nanoUsd, share, ending } = spenders[index] ?? assert.fail();
        if (begins) {
          const found = ledger.reserve({ tokens: asks, nanoUsd });
          if (found instanceof Reservation) open.set(index, found);
        } else {
          const reservation = open.get(index);
          open.delete(index);
          if (!reservation) continue;
          const part = ending === "settle" ? share : 1;
          const used = { tokens: Math.floor(asks * part), nanoUsd: Math.floor(nanoUsd * part) };
          if (ending === "release") reservation.release();
          else {
            reservation.settle(used);
            truth.tokens += used.tokens;
            truth.nanoUsd += used.nanoUsd;
          }
        }
        const held = [...open.keys()].map((key) => spenders[key] ?? assert.fail());
        const taken = {
          tokens: truth.tokens + held.reduce((sum, { asks }) => sum + asks, 0),
          nanoUsd: truth.nanoUsd + held.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0),
        };
        assert.ok(taken.tokens <= limits.tokens && taken.nanoUsd <= limits.nanoUsd);
        assert.deepEqual(ledger.left, {
          tokens: limits.tokens - taken.tokens,
          nanoUsd: limits.nanoUsd - taken.nanoUsd,
        });
      }
    }),
    { numRuns: 300 },
  );
});
