// Every call of a model as the budget sees it: reserved before it is sent, charged by what the
// provider counts. Once a call was sent, only the provider's own figures give anything back.
import { WorkerError } from "../core/errors.ts";
import {
  costOf,
  mostItCosts,
  type Price,
  priceOf,
  type Prices,
  type TokenCounts,
} from "../core/prices.ts";
import { type Amount, Ledger, NANO, type Reservation } from "./ledger.ts";
import { type CallRequest, type ModelCall, readModelCall } from "./model_call.ts";
import type { Figures } from "./usage_figures.ts";
import { tapUsage } from "./usage_tap.ts";

/** What the model may be asked for in all; undefined is no limit. */
export type MeterLimits = {
  readonly totalTokens: number | undefined;
  readonly costUsd: number | undefined;
};

export type MeterOptions = {
  readonly limits: MeterLimits;
  /** Beside the prices that are known. */
  readonly prices: Prices;
};

export class Meter {
  readonly #ledger: Ledger;
  readonly #limits: MeterLimits;
  readonly #prices: Prices;

  constructor({ limits, prices }: MeterOptions) {
    const { totalTokens, costUsd } = limits;
    const nanoUsd = costUsd === undefined ? undefined : Math.floor(costUsd * NANO);
    this.#ledger = new Ledger({ tokens: totalTokens, nanoUsd });
    this.#limits = limits;
    this.#prices = prices;
  }

  /**
   * Reserves what the call costs at most. What is left may be less: then the answer's limit is
   * lowered, as far as that is of use.
   * @throws WorkerError `budget` when it is not, or when nobody can say what the call costs.
   */
  admit(request: CallRequest): MeteredCall {
    const call = readModelCall(request);
    const price = this.#priceFor(call);
    const { promptTokens: prompt, leastOutputTokens } = call;
    const output = Math.max(leastOutputTokens, this.#affordable(call, price));
    const reserved = this.#ledger.reserve(amountOf({ prompt, output }, price));
    if (reserved.type === "refused") throw new WorkerError("budget", reserved.why);
    return new MeteredCall(reserved, { body: call.body(output), prompt, output, price });
  }

  /** Undefined where money is not counted. */
  #priceFor({ model, isUsualTariff }: ModelCall): Price | undefined {
    if (this.#limits.costUsd === undefined) return undefined;
    const price = priceOf(model, this.#prices);
    if (price && isUsualTariff) return price;
    const why = price
      ? "the request asks for a dearer tariff (capabilities.budget.cost_usd)"
      : "no price is known for the model (capabilities.prices)";
    throw new WorkerError("budget", `Cannot reserve a budget: ${why}`);
  }

  /** How long the answer may be for what is left. */
  #affordable({ promptTokens: prompt, outputTokens }: ModelCall, price: Price | undefined): number {
    const { tokens, nanoUsd } = this.#ledger.left;
    const byTokens = tokens - prompt;
    if (!price) return Math.min(outputTokens, byTokens);
    const forPrompt = mostItCosts(price, { prompt, output: 0 });
    const aMillion = mostItCosts(price, { prompt, output: 1_000_000 }) - forPrompt;
    const forOutput = (nanoUsd - asNano(forPrompt)) / NANO;
    const byCost = aMillion === 0 ? Infinity : Math.floor(forOutput / aMillion * 1_000_000);
    return Math.min(outputTokens, byTokens, byCost);
  }
}

type Terms = {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly prompt: number;
  readonly output: number;
  readonly price: Price | undefined;
};

/** A call with its reservation; ends by one of `tap`, `chargeInFull` and `release`. */
export class MeteredCall {
  readonly #reservation: Reservation;
  readonly #terms: Terms;

  constructor(reservation: Reservation, terms: Terms) {
    this.#reservation = reservation;
    this.#terms = terms;
  }

  /** What is to be sent. */
  get body(): Uint8Array<ArrayBuffer> {
    return this.#terms.body;
  }

  /** The answer, charged when it ends. */
  tap(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    contentType: string,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    return tapUsage(body, { contentType, onEnd: (figures) => this.#charge(figures) });
  }

  /** Nobody will know what it cost. */
  chargeInFull(): void {
    this.#charge({ prompt: undefined, final: undefined });
  }

  /** It cost nothing. */
  release(): void {
    this.#reservation.release();
  }

  /** A prompt that was counted is known; of an answer without figures all that it may be counts. */
  #charge({ prompt = this.#terms.prompt, final }: Figures): void {
    const { output, price } = this.#terms;
    this.#reservation.settle(
      final ? amountSpent(final, price) : amountOf({ prompt, output }, price),
    );
  }
}

function amountOf(
  counts: Pick<TokenCounts, "prompt" | "output">,
  price: Price | undefined,
): Amount {
  const usd = price ? mostItCosts(price, counts) : 0;
  return { tokens: counts.prompt + counts.output, nanoUsd: asNano(usd) };
}

function amountSpent(counts: TokenCounts, price: Price | undefined): Amount {
  const usd = price ? costOf(price, counts) : 0;
  return { tokens: counts.prompt + counts.output, nanoUsd: asNano(usd) };
}

/** Rounded up, but for what is only the noise of fractions. */
function asNano(usd: number): number {
  return Math.max(0, Math.ceil(usd * NANO - 0.001));
}
