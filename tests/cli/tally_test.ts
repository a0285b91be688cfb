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

Deno.test("Tally tells what the tokens cost at most, where the price is known", () => {
  const usage = { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 };
  const price = { input: 1, cachedInput: 0.1, cacheWrite: 2, output: 10 };
  const free = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0 };
  const cases = [[undefined, ""], [price, "at most $0.004 · "], [
    free,
    "at most $0.00 · ",
  ]] as const;
  for (const [known, cost] of cases) {
    const tally = new Tally("/w", known);
    tally.take({ type: "complete", usage });
    assert.equal(tally.summary(1), `no files changed · 0 rounds · 1,200 tokens · ${cost}1.0 s`);
  }
});
