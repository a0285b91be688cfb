// How long tokens are under way: each token of this model is the time it was sent at.
import { systemClock } from "../src/base/clock.ts";
import { Connection } from "./connection.ts";

/** Milliseconds from the model's sending to the arrival, one for each token. */
export type Delays = readonly number[];

export type Pace = {
  readonly tokens: number;
  readonly perSecond: number;
};

const TICK_MS = 1;

/**
 * For a MockModel in this process: all times are of one clock. Tokens that a late timer has left
 * behind are sent at once, so that the pace is kept.
 */
export async function* timedTokens({ tokens, perSecond }: Pace): AsyncGenerator<string> {
  const { signal } = new AbortController();
  const startedAt = systemClock.monotonic();
  for (let sent = 0; sent < tokens;) {
    await systemClock.sleep(TICK_MS, signal);
    const due = Math.floor((systemClock.monotonic() - startedAt) / 1000 * perSecond);
    for (; sent < Math.min(due, tokens); sent++) {
      yield `@${systemClock.monotonic().toFixed(3)} `;
    }
  }
}

/** Straight from the model by chat completions, as any HTTP client reads it. */
export async function directDelays(baseUrl: string, { tokens }: Pace): Promise<Delays> {
  const response = await fetch(`${baseUrl}/chat/completions`, { method: "POST", body: "{}" });
  const times = new TokenTimes();
  const delays: number[] = [];
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    delays.push(...delaysOf(times.read(text)));
  }
  return checked(delays, tokens);
}

/** Through a worker, as its host gets them. */
export async function relayedDelays(endpoint: string, { tokens }: Pace): Promise<Delays> {
  await using connection = new Connection(endpoint);
  const times = new TokenTimes();
  const delays: number[] = [];
  await connection.run("Count", (frame) => {
    delays.push(...delaysOf(times.read(frame)));
  });
  return checked(delays, tokens);
}

/** Finds the tokens in a text that comes in any pieces. */
export class TokenTimes {
  #rest = "";

  /** The times that have become whole with this piece. */
  read(piece: string): readonly number[] {
    const text = this.#rest + piece;
    const found = [...text.matchAll(/@(\d+\.\d{3}) /g)];
    const last = found.at(-1);
    const from = last ? last.index + last[0].length : 0;
    this.#rest = text.slice(Math.max(from, text.length - LONGEST_TOKEN));
    return found.map(([, time]) => Number(time));
  }
}

const LONGEST_TOKEN = 40;

function delaysOf(times: readonly number[]): readonly number[] {
  const now = systemClock.monotonic();
  return times.map((time) => now - time);
}

function checked(delays: Delays, tokens: number): Delays {
  if (delays.length === tokens) return delays;
  throw new Error(`${delays.length} tokens came, expected ${tokens}`);
}
