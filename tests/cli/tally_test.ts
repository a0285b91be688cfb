import { strict as assert } from "node:assert";
import { Tally } from "../../src/cli/tally.ts";

function start(tool_name: string, args: unknown) {
  return { type: "tool_start", tool_call_id: "1", tool_name, arguments: args } as const;
}

Deno.test("Tally counts commands beside files, and only when there were any", () => {
  const tally = new Tally("/w");
  tally.take({ type: "runner_progress", session_id: "s", round_count: 0 });
  tally.take(start("Read", { file_path: "/w/a" }));
  assert.equal(tally.summary(1), "no files changed · 1 round · 1.0 s");
  tally.take(start("Bash", { command: "make" }));
  assert.equal(tally.summary(1), "no files changed · 1 command · 1 round · 1.0 s");
  tally.take(start("js_repl", { code: "1" }));
  assert.equal(tally.summary(1), "no files changed · 2 commands · 1 round · 1.0 s");
});
