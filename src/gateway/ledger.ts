// What may still be spent, in tokens and money. Whoever is about to spend reserves first, so that
// calls under way and calls that are over never come to more than the limit together. Pure.
import { grouped } from "../base/grouped.ts";
import { usdText } from "../core/prices.ts";

/** Whole numbers: nothing is lost or gained by rounding. */
export type Amount = {
  readonly tokens: number;
  /** Billionths of a US dollar. */
  readonly nanoUsd: number;
};

/** Undefined is no limit. */
export type Limits = {
  readonly tokens: number | undefined;
  readonly nanoUsd: number | undefined;
};

export type Refusal = {
  readonly type: "refused";
  /** One line that names the budget and its figures. */
  readonly why: string;
};

export const NANO = 1_000_000_000;

export class Ledger {
  readonly #limits: Limits;
  /** Settled and reserved. */
  #taken: Amount = { tokens: 0, nanoUsd: 0 };

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** What could be reserved now; Infinity where there is no limit. */
  get left(): Amount {
    const { tokens = Infinity, nanoUsd = Infinity } = this.#limits;
    return {
      tokens: Math.max(0, tokens - this.#taken.tokens),
      nanoUsd: Math.max(0, nanoUsd - this.#taken.nanoUsd),
    };
  }

  reserve(amount: Amount): Reservation | Refusal {
    const { tokens, nanoUsd } = this.left;
    if (amount.tokens > tokens) return { type: "refused", why: this.#tokensText(amount.tokens) };
    if (amount.nanoUsd > nanoUsd) return { type: "refused", why: this.#costText(amount.nanoUsd) };
    this.#add(amount);
    return new Reservation(amount, (change) => this.#add(change));
  }

  #add({ tokens, nanoUsd }: Amount): void {
    this.#taken = {
      tokens: this.#taken.tokens + tokens,
      nanoUsd: this.#taken.nanoUsd + nanoUsd,
    };
  }

  #tokensText(more: number): string {
    const { tokens = Infinity } = this.#limits;
    const figures = `${grouped(this.#taken.tokens)} of ${grouped(tokens)} tokens`;
    return `Budget reached: ${figures}, ${
      grouped(more)
    } more needed (capabilities.budget.total_tokens)`;
  }

  #costText(more: number): string {
    const { nanoUsd = Infinity } = this.#limits;
    const figures = `${usdText(this.#taken.nanoUsd / NANO)} of ${usdText(nanoUsd / NANO)}`;
    return `Budget reached: ${figures}, ${
      usdText(more / NANO)
    } more needed (capabilities.budget.cost_usd)`;
  }
}

/** Held until it is settled or released, whichever comes first; what comes after does nothing. */
export class Reservation {
  readonly type = "reserved";
  readonly #amount: Amount;
  readonly #change: (by: Amount) => void;
  #isOpen = true;

  constructor(amount: Amount, change: (by: Amount) => void) {
    this.#amount = amount;
    this.#change = change;
  }

  /** What was truly spent counts from now on, also where it is more than was reserved. */
  settle({ tokens, nanoUsd }: Amount): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#change({
      tokens: tokens - this.#amount.tokens,
      nanoUsd: nanoUsd - this.#amount.nanoUsd,
    });
  }

  /** Nothing was spent. */
  release(): void {
    this.settle({ tokens: 0, nanoUsd: 0 });
  }
}
