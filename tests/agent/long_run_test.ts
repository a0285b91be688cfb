// Runs that outgrow their model's context, wait for answers, and are told of instruction files.
import { strict as assert } from "node:assert";
import { SteeringQueue } from "../../src/agent/steering.ts";
import type { AgentEvent } from "../../src/core/event.ts";
import type { ModelRequest, Provider } from "../../src/providers/provider.ts";
import { ProviderError } from "../../src/providers/provider.ts";
import { policyWith } from "./policy.ts";
import { kinds, loopRun } from "./run.ts";

const LIMITS = { contextTokens: 20_000, outputTokens: 1_000 };

/** Calls a tool `rounds` times, then says it is done; sums up when asked beside. */
class Worker implements Provider {
  readonly name = "p";
  readonly prompts: ModelRequest[] = [];
  readonly summaries: ModelRequest[] = [];
  readonly #rounds: number;
  readonly #fail: ((request: ModelRequest) => ProviderError | undefined) | undefined;

  constructor(
    { rounds, fail }: {
      rounds: number;
      fail?: (request: ModelRequest) => ProviderError | undefined;
    },
  ) {
    this.#rounds = rounds;
    this.#fail = fail;
  }

  async *stream(request: ModelRequest) {
    const failure = this.#fail?.(request);
    if (failure) throw failure;
    const isAside = request.messages[0]?.content.startsWith("You sum up");
    (isAside ? this.summaries : this.prompts).push(request);
    const round = this.prompts.length;
    if (isAside) yield { type: "text", delta: `summary ${this.summaries.length}` } as const;
    else if (round > this.#rounds) yield { type: "text", delta: "done" } as const;
    else {
      yield { type: "text", delta: `round ${round}: ${"w".repeat(600)}` } as const;
      const args = JSON.stringify({ file_path: `/w/f${round}` });
      yield { type: "tool_call", id: "call_0", name: "Read", arguments: args } as const;
    }
    yield { type: "end", stop: "done" } as const;
  }
}

function summarized(events: readonly AgentEvent[]) {
  return events.filter((event) => event.type === "context_summarized");
}

const output = (chars: number) => () =>
  Promise.resolve({ success: true, result: "z".repeat(chars), display_preference: null });

Deno.test("runLoop() works 80 rounds in a context that is full after a few", async () => {
  const provider = new Worker({ rounds: 80 });
  const loop = loopRun({
    provider,
    perform: output(6_000),
    input: { limits: LIMITS, maxRounds: 100 },
  });
  assert.deepEqual(await loop.run(), { status: "completed", result: "done" });
  assert.ok(summarized(loop.events).length >= 3, `${summarized(loop.events).length} summaries`);
  for (const { messages } of provider.prompts) {
    const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
    assert.ok(characters < 16_000 * 4, `a prompt of ${characters} characters`);
    assert.equal(messages[0]?.role, "system");
    assert.equal(messages[1]?.content, "go", "the task is always there");
  }
  const [first] = summarized(loop.events);
  assert.ok(first?.type === "context_summarized");
  assert.equal(first.summary, "summary 1");
  assert.equal(first.trigger_type, "auto");
  assert.ok(first.usage_after_percent <= 45 && first.usage_before_percent >= 70);
});

Deno.test("runLoop() answers every call in every prompt of a long run", async () => {
  const provider = new Worker({ rounds: 40 });
  const loop = loopRun({
    provider,
    perform: output(5_000),
    input: { limits: LIMITS, maxRounds: 100 },
  });
  await loop.run();
  for (const { messages } of provider.prompts) {
    const called = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));
    const answered = messages.flatMap(({ tool_call_id }) => tool_call_id ?? []);
    assert.deepEqual(called, answered);
    assert.equal(new Set(called).size, called.length, "ids are unique, whatever the model counts");
  }
});

Deno.test("runLoop() tells the pressure once for each level", async () => {
  const provider = new Worker({ rounds: 15 });
  const loop = loopRun({
    provider,
    perform: output(250_000),
    input: { limits: { contextTokens: 1_000_000, outputTokens: 5_000 }, maxRounds: 100 },
  });
  await loop.run();
  const levels = loop.events.flatMap((event) =>
    event.type === "context_pressure_notification" ? [event.level] : []
  );
  assert.deepEqual(levels, ["warning", "critical"]);
});

Deno.test("runLoop() goes on without a summary that cannot be had, and says so", async () => {
  const provider = new Worker({
    rounds: 30,
    fail: ({ messages }) =>
      messages[0]?.content.startsWith("You sum up")
        ? new ProviderError("p: no", { failure: "invalid_request" })
        : undefined,
  });
  const loop = loopRun({
    provider,
    perform: output(6_000),
    input: { limits: LIMITS, maxRounds: 100 },
  });
  assert.equal((await loop.run()).status, "completed");
  assert.equal(summarized(loop.events).length, 0);
  const statuses = loop.events.flatMap((event) =>
    event.type === "context_compression_status" ? [event.status] : []
  );
  assert.ok(statuses.includes("failed"));
  const note = loop.events.find((event) => event.type === "notification");
  assert.equal(note?.type === "notification" && note.body, "p: no");
});

Deno.test("runLoop() makes room once when the model says that the context is too long", async () => {
  let refusals = 0;
  const provider = new Worker({
    rounds: 8,
    fail: ({ messages }) =>
      messages.length > 12 && refusals++ < 1
        ? new ProviderError("p: too long", { failure: "context_overflow" })
        : undefined,
  });
  const loop = loopRun({ provider, perform: output(4_000) });
  assert.deepEqual(await loop.run(), { status: "completed", result: "done" });
  const phases = loop.events.flatMap((event) =>
    event.type === "context_compression_status" ? [`${event.phase} ${event.status}`] : []
  );
  assert.deepEqual(phases, ["overflow-recovery started", "overflow-recovery completed"]);
});

Deno.test("runLoop() fails when there is nothing left to take out", async () => {
  const provider = new Worker({
    rounds: 1,
    fail: () => new ProviderError("p: too long", { failure: "context_overflow" }),
  });
  const outcome = await loopRun({ provider }).run();
  assert.deepEqual(outcome, {
    status: "error",
    error: "LLM overflow: p: too long",
    reason: "failed",
    result: "",
  });
});

Deno.test("runLoop() compacts when the model asks for it, and looks where it was told to", async () => {
  const look = (at: number) => ({
    tool_calls: [{ name: "Read", arguments: { file_path: `/w/${at}` } }],
  });
  const loop = loopRun({
    turns: [
      ...Array.from({ length: 5 }, (_, at) => look(at)),
      { tool_calls: [{ name: "compact_context", arguments: { instructions: "keep names" } }] },
      { expect: "Look in particular to: keep names", text: "the summary" },
      { expect: "the summary", text: "done" },
    ],
    perform: output(20_000),
    input: { limits: { contextTokens: 60_000, outputTokens: 1_000 }, maxRounds: 20 },
  });
  await loop.run();
  assert.equal(summarized(loop.events).length, 1);
});

const WISH = {
  name: "request_permissions",
  arguments: { reason: "to write", permissions: [{ type: "write_file", resource: "/w/**" }] },
};

Deno.test("runLoop() waits for an answer where the host understands that, and goes on with it", async () => {
  const write = { name: "Write", arguments: { file_path: "/w/a", content: "x" } };
  const loop = loopRun({
    turns: [
      { text: "I ask.", tool_calls: [WISH] },
      { expect: "Selected response: Approve", tool_calls: [write] },
      { text: "done" },
    ],
    policy: policyWith({}),
    approve: () => Promise.reject(new Error("it was granted: nobody is asked")),
    input: { answersPauses: true },
  });
  const outcome = await loop.run();
  assert.equal(outcome.status, "suspended");
  assert.ok(!kinds(loop.events).includes("complete"));
  assert.equal(loop.events.at(-1)?.type, "need_clarification");
  loop.session.answer("Approve", Date.now());
  assert.deepEqual(await loop.run(), { status: "completed", result: "done" });
});

Deno.test("runLoop() ends as completed with its text where a host knows no waiting", async () => {
  const loop = loopRun({ turns: [{ text: "I ask.", tool_calls: [WISH] }] });
  assert.deepEqual(await loop.run(), { status: "completed", result: "I ask." });
  assert.deepEqual(kinds(loop.events).slice(-3), [
    "tool_complete",
    "need_clarification",
    "complete",
  ]);
  const silent = loopRun({ turns: [{ tool_calls: [WISH] }] });
  const { result } = await silent.run();
  assert.match(result ?? "", /to write/);
});

Deno.test("runLoop() tells of instruction files once a call names their folder", async () => {
  const asked: (readonly string[])[] = [];
  const loop = loopRun({
    turns: [
      { tool_calls: [{ name: "Read", arguments: { file_path: "/w/sub/a" } }] },
      { expect: "Use tabs here.", text: "done" },
    ],
    guide(paths) {
      asked.push(paths);
      return Promise.resolve([{ path: "/w/sub/AGENTS.md", text: "Use tabs here.", isCut: false }]);
    },
  });
  assert.equal((await loop.run()).status, "completed");
  assert.deepEqual(asked, [["/w/sub/a"]]);
});

Deno.test("runLoop() says when an answer was cut off, and fails when the model refuses to answer", async () => {
  const cut = loopRun({ turns: [{ text: "half", stop: "max_tokens" }] });
  assert.deepEqual(await cut.run(), { status: "completed", result: "half" });
  const note = cut.events.find((event) => event.type === "notification");
  assert.equal(note?.type === "notification" && note.title, "The answer was cut off");
  const refused = loopRun({ turns: [{ stop: "refused" }] });
  assert.deepEqual(await refused.run(), {
    status: "error",
    error: "LLM error: scripted: the model refused to answer",
    reason: "failed",
    result: "",
  });
});

Deno.test("runLoop() keeps all of a conversation that has room when a summary fails", async () => {
  const provider = new Worker({
    rounds: 5,
    fail: ({ messages }) =>
      messages[0]?.content.startsWith("You sum up")
        ? new ProviderError("p: no", { failure: "invalid_request" })
        : undefined,
  });
  const compact = { name: "compact_context", arguments: {} };
  const loop = loopRun({
    provider: {
      name: "p",
      async *stream(request) {
        yield* provider.stream(request);
        if (provider.prompts.length === 5 && provider.summaries.length === 0) {
          const args = JSON.stringify(compact.arguments);
          yield { type: "tool_call", id: "x", name: compact.name, arguments: args };
          yield { type: "end", stop: "done" };
        }
      },
    },
  });
  assert.equal((await loop.run()).status, "completed");
  const statuses = loop.events.flatMap((event) =>
    event.type === "context_compression_status" ? [event.status] : []
  );
  assert.deepEqual(statuses, ["started", "failed"]);
  assert.equal(provider.prompts.at(-1)?.messages.filter(({ role }) => role === "tool").length, 6);
});

Deno.test("runLoop() does not sum up in every round what cannot be made short enough", async () => {
  const provider = new Worker({ rounds: 60 });
  const loop = loopRun({
    provider,
    perform: output(12_000),
    input: {
      limits: { contextTokens: 10_000, outputTokens: 500 },
      maxRounds: 100,
      tools: [{
        type: "function",
        function: { name: "Big", description: "w".repeat(16_000), parameters: {} },
      }],
    },
  });
  await loop.run();
  assert.ok(provider.summaries.length <= 12, `${provider.summaries.length} summaries in 61 turns`);
});

Deno.test("runLoop() asks without an effort from then on when the model refuses it", async () => {
  let refusals = 0;
  const provider = new Worker({
    rounds: 3,
    fail: ({ reasoningEffort }) => {
      if (reasoningEffort === undefined) return undefined;
      refusals++;
      return new ProviderError("p: no effort", {
        failure: "invalid_request",
        param: "reasoning_effort",
      });
    },
  });
  const loop = loopRun({ provider, input: { reasoningEffort: "high" } });
  assert.equal((await loop.run()).status, "completed");
  assert.equal(refusals, 1);
});

Deno.test("runLoop() loses no text that came before it asked", async () => {
  const steering = new SteeringQueue();
  const loop = loopRun({
    steering,
    turns: [
      { text: "I ask.", tool_calls: [WISH] },
      { expect: "look left", text: "done" },
    ],
    onEvent: (event) => void (event.type === "tool_start" && steering.push("look left")),
    input: { answersPauses: true },
  });
  assert.equal((await loop.run()).status, "suspended");
  loop.session.answer("Deny", 0);
  assert.deepEqual(await loop.run(), { status: "completed", result: "done" });
});

Deno.test("runLoop() is cancelled, not suspended, when both come together", async () => {
  const stop = new AbortController();
  const loop = loopRun({
    turns: [{ text: "I ask.", tool_calls: [WISH] }],
    onEvent: ({ type }) => void (type === "need_clarification" && stop.abort(new Error("stop"))),
    input: { answersPauses: true },
  });
  assert.equal((await loop.run(stop.signal)).status, "cancelled");
});

Deno.test("runLoop() counts what was used before a pause as well", async () => {
  const usage = { prompt_tokens: 10, completion_tokens: 5 };
  const loop = loopRun({
    turns: [{ text: "I ask.", tool_calls: [WISH], usage }, { text: "done", usage }],
    input: { answersPauses: true },
  });
  await loop.run();
  loop.session.answer("Deny", 0);
  await loop.run();
  assert.deepEqual(loop.events.at(-1), {
    type: "complete",
    usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 },
  });
});
