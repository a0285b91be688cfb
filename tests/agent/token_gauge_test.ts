import { strict as assert } from "node:assert";
import { TokenGauge } from "../../src/agent/token_gauge.ts";
import type { Message } from "../../src/core/message.ts";

const AT = "2026-06-18T09:30:00Z";

function user(content: string): Message {
  return { id: "u", role: "user", content, created_at: AT };
}

Deno.test("TokenGauge estimates four characters a token, calls and images included", () => {
  const gauge = new TokenGauge([]);
  assert.equal(gauge.toolTokens, 0);
  assert.equal(gauge.tokensOf([user("x".repeat(400))]), 104);
  const call = { id: "c", type: "function", function: { name: "Read", arguments: "x".repeat(36) } };
  const calling = { ...user(""), role: "assistant", tool_calls: [call] } as const;
  assert.equal(gauge.tokensOf([{ ...calling, tool_calls: [{ ...call, type: "function" }] }]), 14);
  const image = { type: "image_url", image_url: { url: "data:," } } as const;
  assert.equal(gauge.tokensOf([{ ...user(""), content_parts: [image] }]), 1_604);
});

Deno.test("TokenGauge learns from what a model counted, within bounds", () => {
  const gauge = new TokenGauge([]);
  const messages = [user("x".repeat(3_984))];
  assert.equal(gauge.tokensOf(messages), 1_000);
  gauge.learn(messages, 1_500);
  assert.equal(gauge.tokensOf(messages), 1_500);
  gauge.learn(messages, 1_000_000);
  assert.equal(gauge.tokensOf(messages), 4_000);
  gauge.learn(messages, 1);
  assert.equal(gauge.tokensOf(messages), 500);
  gauge.learn(messages, 0);
  assert.equal(gauge.tokensOf(messages), 500);
});
