import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import type { Prices } from "../../src/core/prices.ts";
import { WorkerError } from "../../src/core/errors.ts";
import { takenTokens } from "./taken_tokens.ts";
import { Meter, type MeteredCall, type MeterLimits } from "../../src/gateway/meter.ts";

const PRICES: Prices = {
  m: { input: 1, cachedInput: 0.5, cacheWrite: 2, output: 10 },
  free: { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 },
};

function meter(limits: Partial<MeterLimits>): Meter {
  const none = { totalTokens: undefined, costUsd: undefined };
  return new Meter({ limits: { ...none, ...limits }, prices: PRICES });
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(body));
}

function admit(meter: Meter, body: unknown, model?: string): MeteredCall {
  return meter.admit({ model, body: bytesOf(body) });
}

function sent(call: MeteredCall): unknown {
  return JSON.parse(new TextDecoder().decode(call.body));
}

/** A request that is estimated at exactly this many tokens. */
function prompting(tokens: number, fields: Readonly<Record<string, unknown>> = {}): unknown {
  const body = { model: "m", ...fields, input: "" };
  return { ...body, input: "x".repeat(3 * tokens - bytesOf(body).length) };
}

async function answered(call: MeteredCall, ...events: readonly unknown[]): Promise<void> {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const body = ReadableStream.from([Uint8Array.from(Buffer.from(text))]);
  await new Response(call.tap(body, "text/event-stream")).text();
}

function usage(prompt: number, completion: number, cached = 0): unknown {
  const prompt_tokens_details = { cached_tokens: cached };
  return {
    choices: [],
    usage: { prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details },
  };
}

function refuses(meter: Meter, body: unknown, message: RegExp, model?: string): void {
  assert.throws(() => admit(meter, body, model), (thrown) => {
    assert.ok(thrown instanceof WorkerError);
    assert.equal(thrown.fault, "budget");
    assert.match(thrown.message, message);
    return true;
  });
}

Deno.test("Meter.admit() reserves prompt and answer, and charges what the provider counted", async () => {
  const tokens = meter({ totalTokens: 2_000 });
  const first = admit(tokens, prompting(1_000, { max_tokens: 1_000 }));
  refuses(
    tokens,
    prompting(100, { max_tokens: 10 }),
    /^Budget reached: 2,000 of 2,000 tokens, 110 more needed/,
  );
  await answered(first, usage(500, 50));
  admit(tokens, prompting(1_000, { max_tokens: 450 }));
  refuses(tokens, prompting(100, { max_tokens: 10 }), /^Budget reached: 2,000 of 2,000 tokens/);
});

Deno.test("Meter.admit() lowers the answer's limit to what is left, in every protocol's field", async (t) => {
  const requests: Record<
    string,
    { fields: Record<string, unknown>; model?: string; low: unknown }
  > = {
    "chat": { fields: { max_tokens: 9_000 }, low: { max_tokens: 600 } },
    "chat, newer models": {
      fields: { max_completion_tokens: 9_000 },
      low: { max_completion_tokens: 600 },
    },
    "Responses": { fields: { max_output_tokens: 9_000 }, low: { max_output_tokens: 600 } },
    "Anthropic, room for its thoughts": {
      fields: { max_tokens: 9_000, thinking: { type: "enabled", budget_tokens: 300 } },
      low: { max_tokens: 600, thinking: { type: "enabled", budget_tokens: 300 } },
    },
    "Gemini": {
      model: "m",
      fields: { generationConfig: { maxOutputTokens: 9_000, thinkingConfig: { a: 1 } } },
      low: { generationConfig: { maxOutputTokens: 600, thinkingConfig: { a: 1 } } },
    },
    "whichever of two is read": {
      fields: { max_tokens: 400, generation_config: { max_output_tokens: 9_000 } },
      low: { max_tokens: 400, generation_config: { max_output_tokens: 600 } },
    },
  };
  for (const [name, { fields, model, low }] of Object.entries(requests)) {
    await t.step(name, () => {
      const body = prompting(1_400, fields);
      const call = admit(meter({ totalTokens: 2_000 }), body, model);
      assert.deepEqual(sent(call), { ...Object(body), ...Object(low) });
    });
  }
});

Deno.test("Meter.admit() sends a request it need not change just as it was judged", () => {
  const text = '{"model":"m","max_tokens":9,"max_tokens":20,"n":1, "stop": "\\u6771"}';
  const body = new TextEncoder().encode(text);
  const call = meter({ totalTokens: 1_000 }).admit({ model: undefined, body });
  assert.equal(
    new TextDecoder().decode(call.body),
    '{"model":"m","max_tokens":20,"n":1,"stop":"東"}',
  );
});

Deno.test("Meter.admit() refuses an answer too short to be of use, and takes a short one that is asked for", async (t) => {
  await t.step("too short", () => {
    refuses(
      meter({ totalTokens: 1_255 }),
      prompting(1_000, { max_tokens: 9_000 }),
      /^Budget reached: 0 of 1,255 tokens, 1,256 more needed \(capabilities\.budget\.total_tokens\)$/,
    );
    admit(meter({ totalTokens: 1_256 }), prompting(1_000, { max_tokens: 9_000 }));
  });
  await t.step("too short to think", () => {
    const fields = { max_tokens: 9_000, thinking: { budget_tokens: 1_024 } };
    refuses(meter({ totalTokens: 2_000 }), prompting(1_000, fields), /2,280 more needed/);
  });
  await t.step("short by wish", () => {
    admit(meter({ totalTokens: 1_016 }), prompting(1_000, { max_tokens: 16 }));
  });
});

Deno.test("Meter.admit() refuses what has no bound or no price", async (t) => {
  const bodies: Record<string, [body: unknown, message: RegExp]> = {
    "no limit": [{ model: "m" }, /no limit on its output/],
    "a limit that is null": [{ model: "m", max_tokens: null }, /no limit on its output/],
    "a limit as text": [
      { model: "m", max_tokens: 9, generationConfig: { maxOutputTokens: "90000" } },
      /no limit on its output/,
    ],
    "no limit above zero": [{ model: "m", max_tokens: 0 }, /no limit on its output/],
    "many answers": [{ model: "m", max_tokens: 9, n: 8 }, /many answers/],
    "many of Gemini's": [
      { model: "m", generationConfig: { maxOutputTokens: 9, candidateCount: 2 } },
      /many answers/,
    ],
    "a list": [[], /no JSON object/],
    "no model": [{ max_tokens: 9 }, /names no model/],
    "a model without a price": [{ model: "other", max_tokens: 9 }, /capabilities\.prices/],
    "a dearer tier": [{ model: "m", max_tokens: 9, service_tier: "priority" }, /dearer tariff/],
    "a dearer speed": [{ model: "m", max_tokens: 9, speed: "fast" }, /dearer tariff/],
  };
  for (const [name, [body, message]] of Object.entries(bodies)) {
    await t.step(name, () => refuses(meter({ costUsd: 1 }), body, message));
  }
  await t.step("no body", () => {
    assert.throws(
      () => meter({ totalTokens: 9 }).admit({ model: undefined, body: null }),
      WorkerError,
    );
  });
  await t.step("but asks for no price where only tokens count", () => {
    admit(meter({ totalTokens: 900 }), { model: "other", max_tokens: 9, service_tier: "priority" });
  });
});

Deno.test("Meter.admit() takes the model of the address, and no other beside it", () => {
  const generationConfig = { maxOutputTokens: 9 };
  const cheap = meter({ costUsd: 0.000001 });
  for (const model of [undefined, "free", "models/free"]) {
    admit(cheap, { model, generationConfig }, "free");
  }
  refuses(cheap, { generationConfig }, /^Budget reached: \$0\.00 of \$0\.0001/, "m");
  for (const model of ["m", "models/m", "", 1, ["free"]]) {
    refuses(cheap, { model, generationConfig }, /names another model than its address/, "free");
  }
  refuses(cheap, { model: "free", models: ["m"], max_tokens: 9 }, /names several models/);
});

Deno.test("Meter.admit() counts money: the cache's rates, the lowered answer, nothing for the free", async () => {
  // The prompt costs at most 2 a million: 1,000 tokens cost $0.002, the answer 10: $0.01.
  const money = meter({ costUsd: 0.012 });
  const first = admit(money, prompting(1_000, { max_tokens: 5_000 }));
  assert.equal(Object(sent(first)).max_tokens, 1_000);
  admit(money, { model: "free", max_tokens: 5_000 });
  await answered(first, usage(1_000, 100, 600)); // 400 × 1 + 600 × 0.5 + 100 × 10 = $0.0017
  const second = admit(money, prompting(1_000, { max_tokens: 5_000 }));
  assert.equal(Object(sent(second)).max_tokens, 830);
  refuses(
    money,
    prompting(100, { max_tokens: 1 }),
    /^Budget reached: \$0\.012 of \$0\.012, .* \(capabilities\.budget\.cost_usd\)$/,
  );
});

Deno.test("Meter.admit() spends all that is left whatever the prices, and never more", () => {
  for (const output of [0.1, 0.3, 1.2, 7.77, 9.99]) {
    const prices = { m: { input: 0.07, cachedInput: 0, cacheWrite: 0.13, output } };
    for (const costUsd of [0.0033, 0.00777, 0.0123456]) {
      const limits = { totalTokens: undefined, costUsd };
      const money = new Meter({ limits, prices });
      const call = admit(money, prompting(101, { max_tokens: 900_000 }));
      const most = Object(sent(call)).max_tokens;
      assert.ok((101 * 0.13 + most * output) / 1_000_000 <= costUsd + 1e-12);
      assert.ok((101 * 0.13 + (most + 1) * output) / 1_000_000 > costUsd - 1e-9);
    }
  }
});

Deno.test("Meter.admit() counts an image as an image, not by its bytes", async (t) => {
  const data = "A".repeat(3_000_000);
  const url = `data:image/png;base64,${data}`;
  const contents: Record<string, unknown> = {
    "chat": { type: "image_url", image_url: { url } },
    "Responses": { type: "input_image", image_url: url },
    "Anthropic": { type: "image", source: { type: "base64", media_type: "image/png", data } },
    "Gemini": { inlineData: { mimeType: "image/png", data } },
  };
  for (const [name, content] of Object.entries(contents)) {
    await t.step(name, () => {
      const body = { model: "m", max_tokens: 10, messages: [{ content: [content, content] }] };
      admit(meter({ totalTokens: 17_000 }), body);
      refuses(meter({ totalTokens: 16_000 }), body, /more needed/);
    });
  }
  await t.step("but text by its bytes, whatever it looks like", () => {
    const body = { model: "m", max_tokens: 10, messages: [{ content: url }] };
    refuses(meter({ totalTokens: 17_000 }), body, /more needed/);
  });
});

Deno.test("MeteredCall charges all that was reserved when nobody tells what it cost", async (t) => {
  const body = prompting(500, { max_tokens: 400 });
  const endings: Record<string, [end: (call: MeteredCall) => unknown, taken: number]> = {
    "no figures": [(call) => answered(call, { choices: [] }), 900],
    "sent, and never answered": [(call) => call.chargeInFull(), 900],
    "a prompt that was counted": [
      (call) => answered(call, { type: "message_start", message: { usage: { input_tokens: 80 } } }),
      480,
    ],
    "released": [(call) => call.release(), 0],
    "released after all": [(call) => (call.chargeInFull(), call.release()), 900],
  };
  for (const [name, [end, taken]] of Object.entries(endings)) {
    await t.step(name, async () => {
      const tokens = meter({ totalTokens: 1_000 });
      await end(admit(tokens, body));
      assert.equal(takenTokens(tokens), taken);
    });
  }
});
