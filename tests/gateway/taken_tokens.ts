// What a meter has settled and reserved, in its own words.
import { strict as assert } from "node:assert";
import { messageOf } from "../../src/core/errors.ts";
import type { Meter } from "../../src/gateway/meter.ts";

export function takenTokens(meter: Meter): number {
  // More than any limit of a test, and nothing of it can be given up.
  const request = { model: "m", max_tokens: 1e9, thinking: { budget_tokens: 1e9 } };
  const body = new TextEncoder().encode(JSON.stringify(request));
  try {
    meter.admit({ model: undefined, body });
  } catch (thrown) {
    const [, figure = ""] = /^Budget reached: ([\d,]+) of/.exec(messageOf(thrown)) ?? [];
    return Number(figure.replaceAll(",", ""));
  }
  return assert.fail("no limit of tokens");
}
