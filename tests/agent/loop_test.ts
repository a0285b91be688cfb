import { strict as assert } from "node:assert";
import { type LoopDeps, type LoopInput, runLoop } from "../../src/agent/loop.ts";
import { SteeringQueue } from "../../src/agent/steering.ts";
import { systemClock } from "../../src/base/clock.ts";
import { WorkerError } from "../../src/core/errors.ts";
import type { AgentEvent } from "../../src/core/event.ts";
import type { Message } from "../../src/core/message.ts";
import { type Provider, ProviderError } from "../../src/providers/provider.ts";
import { parseScript } from "../../src/providers/script.ts";
import { scriptedProvider } from "../../src/providers/scripted.ts";
import { policyWith } from "./policy.ts";

const AT = "2026-06-18T09:30:00Z";
const make = { newId: () => "id", timestamp: () => AT };
const user: Message = { id: "u", role: "user", content: "go", created_at: AT };
const input: LoopInput = {
  sessionId: "c-run-1",
  model: "m",
  messages: [user],
  tools: [],
  maxRounds: 10,
};
const never = new AbortController().signal;
const READ = { name: "Read", arguments: { file_path: "/w/a" } };

type Setup = Partial<LoopDeps> & {
  readonly turns?: readonly unknown[];
  readonly onEvent?: (event: AgentEvent) => void;
};

function setUp({ turns = [], onEvent, ...deps }: Setup) {
  const events: AgentEvent[] = [];
  const provider = scriptedProvider({
    clock: systemClock,
    script: parseScript({ turns }),
    workspace: "/w",
  });
  const all: LoopDeps = {
    provider,
    steering: new SteeringQueue(),
    clock: systemClock,
    make,
    emit(event) {
      events.push(event);
      onEvent?.(event);
      return Promise.resolve();
    },
    perform: () => Promise.resolve({ success: true, result: "text", display_preference: null }),
    approve: () => Promise.resolve("allowed"),
    analyse: () => assert.fail("nothing to analyse"),
    policy: policyWith({ enforced: false }),
    disabledTools: [],
    refusedTools: new Map(),
    ...deps,
  };
  return { events, deps: all };
}

function kinds(events: readonly AgentEvent[]): string[] {
  const names = events.map((event) =>
    event.type === "tool_lifecycle" ? `${event.type} ${event.phase}` : event.type
  );
  return names.filter((name, index) => name !== "token" || names[index - 1] !== "token");
}

Deno.test("runLoop() sends the events of a round in the reference's order", async () => {
  const { events, deps } = setUp({
    turns: [{ text: "look", tool_calls: [READ] }, { text: "done" }],
  });
  assert.deepEqual(await runLoop(input, deps, never), { status: "completed", result: "done" });
  assert.deepEqual(kinds(events), [
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
  const { events, deps } = setUp({
    turns: [{ text: "a", tool_calls: [READ], usage: usage(10) }, { text: "b", usage: usage(20) }],
  });
  await runLoop(input, deps, never);
  assert.deepEqual(events.at(-1), {
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
      const { events, deps } = setUp({
        turns: [{ tool_calls: [{ ...READ, name }] }, { text: "ok" }],
        disabledTools: ["Read"],
        perform: () => assert.fail("must not be performed"),
      });
      await runLoop(input, deps, never);
      const tools = events.filter(({ type }) => type.startsWith("tool_"));
      assert.deepEqual(tools.map((event) => event.type === "tool_error" && event.error), [error]);
    });
  }
});

Deno.test("runLoop() tells a failed call as an error and goes on", async () => {
  const { events, deps } = setUp({
    turns: [{ tool_calls: [READ] }, { expect: "Error: Execution failed: Cannot read", text: "ok" }],
    perform: () => Promise.reject(new WorkerError("refused", 'Cannot read "/w/a": outside')),
  });
  assert.deepEqual(await runLoop(input, deps, never), { status: "completed", result: "ok" });
  assert.ok(kinds(events).includes("tool_lifecycle error"));
  const error = events.find((event) => event.type === "tool_error");
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
      const { deps } = setUp({
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
      await runLoop(input, deps, never);
      assert.deepEqual(asked, [
        { tool_name: "Write", permission: "Write files to disk", resource: "/w/a" },
      ]);
      assert.equal(performed, answer === "allowed" ? 1 : 0);
    });
  }
});

Deno.test("runLoop() merges steering at the round boundary, and once more before the end", async () => {
  const steering = new SteeringQueue();
  const { deps } = setUp({
    steering,
    turns: [{ text: "first" }, { expect: "look left", text: "second" }],
    onEvent: (event) =>
      void (event.type === "token" && event.content === "first" && steering.push("look left")),
  });
  assert.deepEqual(await runLoop(input, deps, never), { status: "completed", result: "second" });
});

Deno.test("runLoop() ends at the round limit with the text so far", async () => {
  const { events, deps } = setUp({ turns: [{ text: "a", tool_calls: [READ] }, { text: "b" }] });
  assert.deepEqual(await runLoop({ ...input, maxRounds: 1 }, deps, never), {
    status: "error",
    error: "Round limit reached: 1 (limits.max_rounds)",
    reason: "limit",
    result: "a",
  });
  assert.ok(!kinds(events).includes("complete"));
});

Deno.test("runLoop() ends at the time limit, also while a tool hangs", async () => {
  const { deps } = setUp({
    turns: [{ text: "a", tool_calls: [READ] }],
    perform: (_, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
      ),
  });
  assert.deepEqual(await runLoop({ ...input, runTimeoutMs: 20 }, deps, never), {
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
      const { events, deps } = setUp({
        turns: [{ text: "a", tool_calls: [READ] }, { text: "b" }],
        onEvent: ({ type }) => void (type === moment && stop.abort(new Error("stop"))),
      });
      const outcome = await runLoop(input, deps, stop.signal);
      assert.equal(outcome.status, "cancelled");
      assert.ok(!events.some(({ type }) => type === "complete" || type === "cancelled"));
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
  const { deps } = setUp({ provider });
  assert.deepEqual(await runLoop(input, deps, never), {
    status: "error",
    error: "LLM error: p: HTTP 401: bad key",
    reason: "failed",
    result: "",
  });
});
