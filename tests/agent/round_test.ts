import { strict as assert } from "node:assert";
import { runCalls } from "../../src/agent/round.ts";
import type { Perform, ToolCallDeps } from "../../src/agent/tool_call.ts";
import { WorkerError } from "../../src/core/errors.ts";
import type { AgentEvent } from "../../src/core/event.ts";
import type { ToolCall } from "../../src/core/tool_call.ts";
import { systemClock } from "../../src/base/clock.ts";
import { deskWith } from "./desk.ts";
import { policyWith } from "./policy.ts";

const NEVER = new AbortController().signal;

function read(id: string): ToolCall {
  return call(id, "Read", { file_path: `/w/${id}` });
}

function write(id: string): ToolCall {
  return call(id, "Write", { file_path: `/w/${id}`, content: "x" });
}

function call(id: string, name: string, args: object): ToolCall {
  return { id, type: "function", function: { name, arguments: JSON.stringify(args) } };
}

function setUp(perform: Perform, changes: Partial<ToolCallDeps> = {}) {
  const events: AgentEvent[] = [];
  let ids = 0;
  const deps: ToolCallDeps = {
    clock: systemClock,
    make: { newId: () => `id-${++ids}`, timestamp: () => "2026-06-18T10:00:00Z" },
    emit: (event) => Promise.resolve(void events.push(event)),
    perform,
    approve: () => assert.fail("asked"),
    analyse: () => assert.fail("analysed"),
    policy: policyWith({ enforced: false }),
    desk: deskWith(),
    disabledTools: [],
    refusedTools: new Map(),
    ...changes,
  };
  return { events, deps };
}

/** Tells who was at work at the same time; each call ends when the next has begun, or none does. */
class Stage {
  readonly #started = new Map<string, PromiseWithResolvers<void>>();
  #atWork = 0;
  most = 0;
  readonly order: string[] = [];

  readonly perform: Perform = async ({ tool, arguments: { file_path } }) => {
    this.order.push(`${tool} ${file_path}`);
    this.most = Math.max(this.most, ++this.#atWork);
    const turn = Promise.withResolvers<void>();
    this.#started.set(String(file_path), turn);
    queueMicrotask(() => queueMicrotask(() => turn.resolve()));
    await turn.promise;
    this.#atWork--;
    return { success: true, result: `read ${file_path}`, display_preference: null };
  };
}

Deno.test("runCalls() runs read-only neighbours side by side, with results in the order of calls", async () => {
  const stage = new Stage();
  const { deps } = setUp(stage.perform);
  const { messages } = await runCalls([read("a"), read("b"), read("c")], deps, NEVER);
  assert.equal(stage.most, 3);
  assert.deepEqual(messages.map(({ content }) => content), [
    "read /w/a",
    "read /w/b",
    "read /w/c",
  ]);
});

Deno.test("runCalls() lets nothing run beside what changes something", async () => {
  const stage = new Stage();
  const { deps } = setUp(stage.perform);
  await runCalls([write("a"), read("b"), write("c"), write("d")], deps, NEVER);
  assert.equal(stage.most, 1);
  assert.deepEqual(stage.order, ["Write /w/a", "Read /w/b", "Write /w/c", "Write /w/d"]);
});

Deno.test("runCalls() decides by the call, not by the tool, what changes something", async () => {
  let most = 0;
  let atWork = 0;
  const { deps } = setUp(async () => {
    most = Math.max(most, ++atWork);
    await Promise.resolve();
    atWork--;
    return { success: true, result: "", display_preference: null };
  });
  const enter = (id: string) => call(id, "Workspace", { path: "/w/sub" });
  await runCalls([enter("a"), enter("b")], deps, NEVER);
  assert.equal(most, 1);
});

Deno.test("runCalls() refuses the calls past the eightieth, and runs those before", async () => {
  let performed = 0;
  const { deps } = setUp(() => {
    performed++;
    return Promise.resolve({ success: true, result: "ok", display_preference: null });
  });
  const calls = Array.from({ length: 500 }, (_, at) => write(`f${at}`));
  const { messages } = await runCalls(calls, deps, NEVER);
  assert.equal(performed, 80);
  assert.equal(messages.length, 500);
  assert.equal(messages[79]?.content, "ok");
  assert.equal(messages[80]?.content, "Error: Write: per-round tool call limit (80) reached");
});

Deno.test("runCalls() refuses a tool that failed three times in a row, until the round is over", async () => {
  let tries = 0;
  const { deps } = setUp(() => {
    tries++;
    return Promise.reject(new WorkerError("refused", "no"));
  });
  const calls = Array.from({ length: 5 }, (_, at) => write(`f${at}`));
  const { messages } = await runCalls(calls, deps, NEVER);
  assert.equal(tries, 3);
  assert.equal(
    messages[3]?.content,
    "Error: Write: 3 consecutive failures reached circuit limit (3) in this round",
  );
  await runCalls([write("again")], deps, NEVER);
  assert.equal(tries, 4);
});

Deno.test("runCalls() counts a failure in a row again after a success", async () => {
  const outcomes = [false, false, true, false, false, false, false];
  let tries = 0;
  const { deps } = setUp(() =>
    Promise.resolve({ success: outcomes[tries++] ?? false, result: "", display_preference: null })
  );
  await runCalls(outcomes.map((_, at) => write(`f${at}`)), deps, NEVER);
  assert.equal(tries, 6);
});

Deno.test("runCalls() asks about one call at a time where permissions are enforced", async () => {
  const stage = new Stage();
  const { deps } = setUp(stage.perform, {
    policy: policyWith({}),
    approve: () => Promise.resolve("allowed"),
  });
  await runCalls([read("a"), read("b")], deps, NEVER);
  assert.equal(stage.most, 2, "nobody is asked about reading");
  const output = (id: string) => call(id, "BashOutput", { bash_id: id });
  const other = new Stage();
  const { deps: asking } = setUp(other.perform, {
    policy: policyWith({}),
    approve: () => Promise.resolve("allowed"),
  });
  await runCalls([output("a"), output("b")], asking, NEVER);
  assert.equal(other.most, 1);
});

Deno.test("runCalls() stops at a call that waits for an answer, and answers those behind it", async () => {
  const { deps } = setUp(() => assert.fail("performed"));
  const wish = call("ask", "request_permissions", {
    reason: "to write",
    permissions: [{ type: "write_file", resource: "/w/*" }],
  });
  const { messages, pause } = await runCalls([wish, write("a")], deps, NEVER);
  assert.equal(pause?.call.id, "ask");
  assert.equal(pause?.tool, "request_permissions");
  assert.deepEqual(pause?.question.options, ["Approve", "Deny"]);
  assert.deepEqual(messages.map(({ tool_call_id }) => tool_call_id), ["ask", "a"]);
  assert.match(messages[1]?.content ?? "", /^Error: the call was not run: the run waits/);
});

Deno.test("runCalls() passes a used-up budget on", async () => {
  const { deps } = setUp(() => Promise.reject(new WorkerError("budget", "Budget reached")));
  await assert.rejects(runCalls([read("a"), read("b")], deps, NEVER), { fault: "budget" });
});

Deno.test("runCalls() ends all of a batch when it is aborted", async () => {
  const stop = new AbortController();
  let ended = 0;
  let begun = 0;
  const { deps } = setUp((_, signal) => {
    const { promise, reject } = Promise.withResolvers<never>();
    if (++begun === 2) queueMicrotask(() => stop.abort(new Error("stop")));
    signal.addEventListener("abort", () => {
      ended++;
      reject(signal.reason);
    }, { once: true });
    return promise;
  });
  await assert.rejects(runCalls([read("a"), read("b")], deps, stop.signal), { message: "stop" });
  assert.equal(ended, 2);
});

Deno.test("runCalls() runs a tool under each of its names, and counts its failures as one tool's", async () => {
  const names = ["Read", "read_file", "ns::Read", "readFile"];
  const { deps } = setUp((request) => {
    assert.equal(request.tool, "Read");
    return Promise.resolve({ success: true, result: "text", display_preference: null });
  });
  const calls = names.map((name) => call(name, name, { file_path: "/w/a" }));
  const { messages } = await runCalls(calls, deps, NEVER);
  assert.deepEqual(messages.map(({ tool_success }) => tool_success), [true, true, true, true]);
  const failing = setUp(() => Promise.reject(new WorkerError("refused", "no")));
  const writes = ["Write", "write_file", "ns::Write", "Write"].map((name, at) =>
    call(`w${at}`, name, { file_path: "/w/a", content: "" })
  );
  const failed = await runCalls(writes, failing.deps, NEVER);
  assert.match(failed.messages[3]?.content ?? "", /3 consecutive failures/);
});
