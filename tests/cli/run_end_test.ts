import { strict as assert } from "node:assert";
import { exitCodeOf, exitCodeOfBoot, troubleLine } from "../../src/cli/run_end.ts";
import { styleFor } from "../../src/cli/style.ts";
import type { TerminalFrame } from "../../src/protocol/frames.ts";

type End = Omit<TerminalFrame, "kind">;

const CODES: readonly [End, number][] = [
  [{ status: "completed", result: "x" }, 0],
  [{ status: "suspended", result: "which one?" }, 1],
  [{ status: "cancelled" }, 4],
  [{ status: "error", error: "x" }, 1],
  [{ status: "error", error: "x", reason: "failed" }, 1],
  [{ status: "error", error: "x", reason: "refused" }, 3],
  [{ status: "error", error: "x", reason: "limit" }, 5],
  [{ status: "error", error: "x", reason: "budget" }, 5],
  [{ status: "error", error: "x", reason: "timeout" }, 124],
];

Deno.test("exitCodeOf() tells the shell how a run ended", async (t) => {
  for (const [end, code] of CODES) {
    await t.step(JSON.stringify(end), () => {
      assert.equal(exitCodeOf({ kind: "terminal", ...end }), code);
    });
  }
});

Deno.test("exitCodeOfBoot() keeps what says more than failed", () => {
  const codes = [0, 1, 2, 3, 4, 137].map(exitCodeOfBoot);
  assert.deepEqual(codes, [1, 1, 2, 3, 1, 1]);
});

Deno.test("troubleLine() is one harmless line, and only for trouble", async (t) => {
  const options = { style: styleFor({ isColored: false }), isTerminal: true };
  const cases = [
    [{ status: "completed" }, []],
    [{ status: "suspended", result: "Which?" }, [
      "sheath: the run waits for an answer that nobody gave: Which?\n",
    ]],
    [{ status: "cancelled" }, ["sheath: cancelled\n"]],
    [{ status: "error", error: "LLM error:\n\x1b[2Jgone" }, ["sheath: LLM error: \\x1b[2Jgone\n"]],
    [{ status: "error" }, ["sheath: run failed\n"]],
  ] as const;
  for (const [end, expected] of cases) {
    await t.step(end.status, () => {
      const outputs = troubleLine({ kind: "terminal", ...end }, options);
      assert.deepEqual(outputs, expected.map((text) => ({ to: "stderr", text })));
    });
  }
});
