import { strict as assert } from "node:assert";
import { type Fault, WorkerError } from "../../src/core/errors.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { TerminalFrame } from "../../src/protocol/frames.ts";
import { encodeFrame } from "../../src/protocol/encode.ts";
import { terminalFrame } from "../../src/serving/terminal.ts";

const cases: { outcome: Outcome; stop?: Fault; frame: Omit<TerminalFrame, "kind"> }[] = [
  { outcome: { status: "completed", result: "" }, frame: { status: "completed", result: "" } },
  {
    outcome: { status: "completed", result: "a" },
    stop: "internal",
    frame: { status: "completed", result: "a" },
  },
  { outcome: { status: "suspended", result: "?" }, frame: { status: "suspended", result: "?" } },
  { outcome: { status: "cancelled" }, frame: { status: "cancelled" } },
  {
    outcome: { status: "cancelled", result: "h" },
    stop: "cancelled",
    frame: { status: "cancelled", result: "h" },
  },
  {
    outcome: { status: "cancelled" },
    stop: "internal",
    frame: { status: "error", error: "why", reason: "failed" },
  },
  {
    outcome: { status: "cancelled", result: "h" },
    stop: "budget",
    frame: { status: "error", error: "why", reason: "budget", result: "h" },
  },
  {
    outcome: { status: "cancelled" },
    stop: "limit",
    frame: { status: "error", error: "why", reason: "limit" },
  },
  {
    outcome: { status: "error", error: "no", reason: "timeout", result: "h" },
    stop: "internal",
    frame: { status: "error", error: "no", reason: "timeout", result: "h" },
  },
];
for (const { outcome, stop, frame } of cases) {
  const stopped = stop === undefined ? "" : ` stopped for ${stop}`;
  Deno.test(`terminalFrame() tells ${JSON.stringify(outcome)}${stopped}`, () => {
    const why = stop === undefined ? undefined : new WorkerError(stop, "why");
    const told: unknown = JSON.parse(encodeFrame(terminalFrame(outcome, why)));
    assert.deepEqual(told, { kind: "terminal", ...frame });
  });
}
