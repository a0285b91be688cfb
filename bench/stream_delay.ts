// How long tokens are under way: each token of this model is the time it was sent at.
import { systemClock } from "../src/base/clock.ts";
import { Connection } from "./connection.ts";

/** Milliseconds from the model's sending to the arrival, one for each token. */
export type Delays = readonly number[];

const TOKENS = 200;
const PACE_MS = 2;

/** For a MockModel in this process: all times are of one clock. */
export async function* timedTokens(): AsyncGenerator<string> {
  const { signal } = new AbortController();
  for (let token = 0; token < TOKENS; token++) {
    await systemClock.sleep(PACE_MS, signal);
    yield `@${systemClock.monotonic().toFixed(3)} `;
  }
}

/** Straight from the model, as any HTTP client reads it. */
export async function directDelays(baseUrl: string): Promise<Delays> {
  const response = await fetch(`${baseUrl}/chat/completions`, { method: "POST", body: "{}" });
  const delays: number[] = [];
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    delays.push(...delaysIn(text));
  }
  return checked(delays);
}

/** Through a worker, as its host gets them. */
export async function relayedDelays(endpoint: string): Promise<Delays> {
  await using connection = new Connection(endpoint);
  const delays: number[] = [];
  await connection.run("Count", (frame) => delays.push(...delaysIn(frame)));
  return checked(delays);
}

function delaysIn(text: string): number[] {
  const now = systemClock.monotonic();
  return Array.from(text.matchAll(/@(\d+\.\d{3}) /g), ([, sentAt]) => now - Number(sentAt));
}

function checked(delays: Delays): Delays {
  if (delays.length === TOKENS) return delays;
  throw new Error(`${delays.length} tokens came, expected ${TOKENS}`);
}
