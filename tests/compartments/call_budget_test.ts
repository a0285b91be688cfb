import { strict as assert } from "node:assert";
import { newCallLimit, takeCall } from "../../src/compartments/call_budget.ts";
import { WorkerError } from "../../src/core/errors.ts";

const REACHED = new WorkerError(
  "budget",
  "Budget reached: 2 of 2 tool calls (capabilities.budget.tool_calls)",
);

Deno.test("takeCall() counts to the limit, and then refuses naming it", () => {
  const counted = newCallLimit(2);
  takeCall(counted);
  takeCall(counted);
  for (let more = 0; more < 2; more++) assert.throws(() => takeCall(counted), REACHED);
});

Deno.test("takeCall() counts in one place what several threads take", async () => {
  const counted = newCallLimit(2);
  const { port1, port2 } = new MessageChannel();
  const told = Promise.withResolvers<typeof counted>();
  port2.onmessage = ({ data }) => told.resolve(data);
  port1.postMessage(counted);
  takeCall(await told.promise);
  takeCall(counted);
  assert.throws(() => takeCall(counted), REACHED);
  port1.close();
  port2.close();
});

Deno.test("takeCall() refuses all at zero, and nothing without a limit", () => {
  assert.throws(() => takeCall(newCallLimit(0)), /0 of 0 tool calls/);
  for (let calls = 0; calls < 1_000; calls++) takeCall(newCallLimit(undefined));
});
