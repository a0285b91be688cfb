import { strict as assert } from "node:assert";
import { SteeringQueue } from "../../src/agent/steering.ts";
import { WorkerError } from "../../src/core/errors.ts";
import { type Provider, ProviderError } from "../../src/providers/provider.ts";
import { policyWith } from "./policy.ts";
import { kinds, loopRun } from "./run.ts";

const READ = { name: "Read", arguments: { file_path: "/w/a" } };

Deno.test("runLoop() sends the events of a round in the reference's order", async () => {
  const loop = loopRun({
    turns: [{ text: "look", tool_calls: [READ] }, { text: "done" }],
  });
  assert.deepEqual(await loop.run(), { status: "completed", result: "done" });
  assert.deepEqual(kinds(loop.events), [
    "runner_progress",
    "token_budget_updated",
    "token",
    "tool_start",
    "tool_lifecycle begin",
    "tool_lifecycle finished",
    "tool_complete",
    "runner_progress",
    "token_budget_updated",
    "token",
    "complete",
  ]);
});

Deno.test("runLoop() sums the provider's usage over the run", async () => {
  const usage = (prompt: number) => ({ prompt_tokens: prompt, completion_tokens: 5 });
  const loop = loopRun({
    turns: [{ text: "a", tool_calls: [READ], usage: usage(10) }, { text: "b", usage: usage(20) }],
  });
  await loop.run();
  assert.deepEqual(loop.events.at(-1), {
    type: "complete",
    usage: { prompt_tokens: 30, completion_tokens: 10, total_tokens: 40 },
  });
});

Deno.test("runLoop() refuses disabled and unknown tools with a tool_error alone", async (t) => {
  const cases = [
    ["Read", "Tool disabled: Read is in the spec's disabled_tools"],
    ["read_file", "Tool disabled: Read is in the spec's disabled_tools"],
    ["ns::Read", "Tool disabled: Read is in the spec's disabled_tools"],
    ["__proto__", "Tool not found: __proto__"],
    ["toString", "Tool not found: toString"],
  ];
  for (const [name, error] of cases) {
    await t.step(`${name}`, async () => {
      const loop = loopRun({
        turns: [{ tool_calls: [{ ...READ, name }] }, { text: "ok" }],
        disabledTools: ["Read"],
        perform: () => assert.fail("must not be performed"),
      });
      await loop.run();
      const tools = loop.events.filter(({ type }) => type.startsWith("tool_"));
      assert.deepEqual(tools.map((event) => event.type === "tool_error" && event.error), [error]);
    });
  }
});

Deno.test("runLoop() tells a failed call as an error and goes on", async () => {
  const loop = loopRun({
    turns: [{ tool_calls: [READ] }, { expect: "Error: Execution failed: Cannot read", text: "ok" }],
    perform: () => Promise.reject(new WorkerError("refused", 'Cannot read "/w/a": outside')),
  });
  assert.deepEqual(await loop.run(), { status: "completed", result: "ok" });
  assert.ok(kinds(loop.events).includes("tool_lifecycle error"));
  const error = loop.events.find((event) => event.type === "tool_error");
  assert.equal(
    error?.type === "tool_error" && error.error,
    'Execution failed: Cannot read "/w/a": outside',
  );
});

Deno.test("runLoop() asks the host when permissions are enforced, and takes no for an answer", async (t) => {
  const write = { name: "Write", arguments: { file_path: "/w/a", content: "x" } };
  for (const answer of ["allowed", "denied"] as const) {
    await t.step(`${answer}`, async () => {
      const asked: unknown[] = [];
      let performed = 0;
      const loop = loopRun({
        turns: [{ tool_calls: [write] }, { text: "ok" }],
        policy: policyWith({ enforced: true }),
        approve(request) {
          asked.push(request);
          return Promise.resolve(answer);
        },
        perform() {
          performed++;
          return Promise.resolve({ success: true, result: "", display_preference: null });
        },
      });
      await loop.run();
      assert.deepEqual(asked, [
        { tool_name: "Write", permission: "Write files to disk", resource: "/w/a" },
      ]);
      assert.equal(performed, answer === "allowed" ? 1 : 0);
    });
  }
});

Deno.test("runLoop() merges steering at the round boundary, and once more before the end", async () => {
  const steering = new SteeringQueue();
  const loop = loopRun({
    steering,
    turns: [{ text: "first" }, { expect: "look left", text: "second" }],
    onEvent: (event) =>
      void (event.type === "token" && event.content === "first" && steering.push("look left")),
  });
  assert.deepEqual(await loop.run(), { status: "completed", result: "second" });
});

Deno.test("runLoop() ends at the round limit with the text so far", async () => {
  const loop = loopRun({
    input: { maxRounds: 1 },
    turns: [{ text: "a", tool_calls: [READ] }, { text: "b" }],
  });
  assert.deepEqual(await loop.run(), {
    status: "error",
    error: "Round limit reached: 1 (limits.max_rounds)",
    reason: "limit",
    result: "a",
  });
  assert.ok(!kinds(loop.events).includes("complete"));
});

Deno.test("runLoop() ends at the time limit, also while a tool hangs", async () => {
  const loop = loopRun({
    input: { runTimeoutMs: 20 },
    turns: [{ text: "a", tool_calls: [READ] }],
    perform: (_, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
      ),
  });
  assert.deepEqual(await loop.run(), {
    status: "error",
    error: "Run timed out after 0.02 s (limits.run_timeout_secs)",
    reason: "timeout",
    result: "a",
  });
});

Deno.test("runLoop() is cancelled at any moment", async (t) => {
  for (const moment of ["runner_progress", "token", "tool_start", "tool_complete"]) {
    await t.step(moment, async () => {
      const stop = new AbortController();
      const loop = loopRun({
        turns: [{ text: "a", tool_calls: [READ] }, { text: "b" }],
        onEvent: ({ type }) => void (type === moment && stop.abort(new Error("stop"))),
      });
      const outcome = await loop.run(stop.signal);
      assert.equal(outcome.status, "cancelled");
      assert.ok(!loop.events.some(({ type }) => type === "complete" || type === "cancelled"));
    });
  }
});

Deno.test("runLoop() tells a provider's failure with its own text", async () => {
  const provider: Provider = {
    name: "p",
    // deno-lint-ignore require-yield
    async *stream() {
      throw new ProviderError("p: HTTP 401: bad key", { failure: "auth", status: 401 });
    },
  };
  const loop = loopRun({ provider });
  assert.deepEqual(await loop.run(), {
    status: "error",
    error: "LLM error: p: HTTP 401: bad key",
    reason: "failed",
    result: "",
  });
});
