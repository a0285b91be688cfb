import { strict as assert } from "node:assert";
import { askModel } from "../../src/agent/model_call.ts";
import type { Note } from "../../src/agent/notify.ts";
import {
  type ModelEvent,
  type ModelRequest,
  type Provider,
  ProviderError,
  type ProviderFailure,
} from "../../src/providers/provider.ts";
import type { Clock } from "../../src/base/clock.ts";

const NEVER = new AbortController().signal;
const REQUEST: ModelRequest = {
  model: "m",
  messages: [],
  tools: [],
  maxOutputTokens: 100,
  reasoningEffort: "high",
};
const END: ModelEvent = { type: "end", stop: "done" };

type Answer = readonly ModelEvent[] | ProviderError;

function setUp(answers: readonly Answer[]) {
  const requests: ModelRequest[] = [];
  const pauses: number[] = [];
  const notes: Note[] = [];
  const turns: string[] = [];
  let effortsRefused = 0;
  const provider: Provider = {
    name: "p",
    async *stream(request) {
      requests.push(request);
      const answer = answers[requests.length - 1] ?? assert.fail("asked too often");
      if (answer instanceof ProviderError) throw answer;
      yield* answer;
    },
  };
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep(ms, signal) {
      pauses.push(ms);
      signal.throwIfAborted();
      return Promise.resolve();
    },
  };
  const ask = (signal = NEVER) =>
    askModel(REQUEST, {
      provider,
      clock,
      emit: () => Promise.resolve(),
      notify: (note) => Promise.resolve(void notes.push(note)),
      onText: () => {},
      onUsage: () => Promise.resolve(),
      onTurn: ({ text }) => turns.push(text),
      onEffortRefused: () => effortsRefused++,
    }, signal);
  return { requests, pauses, notes, turns, ask, efforts: () => effortsRefused };
}

function failed(failure: ProviderFailure, more: { retryAfterMs?: number; param?: string } = {}) {
  return new ProviderError(`p: ${failure}`, { failure, ...more });
}

const YES: Answer = [{ type: "text", delta: "yes" }, END];

Deno.test("askModel() tries again what may pass, twice, with a doubled pause", async (t) => {
  for (const failure of ["rate_limit", "overloaded", "network", "protocol"] as const) {
    await t.step(failure, async () => {
      const { ask, pauses, notes } = setUp([failed(failure), failed(failure), YES]);
      assert.equal((await ask()).text, "yes");
      assert.deepEqual(pauses, [400, 800]);
      assert.deepEqual(notes[1], {
        category: "model",
        priority: "normal",
        title: "Asking the model again in 0.8 s (try 3 of 3)",
        body: `p: ${failure}`,
      });
    });
  }
});

Deno.test("askModel() gives up after three tries with the last failure", async () => {
  const { ask, requests } = setUp([failed("network"), failed("network"), failed("overloaded")]);
  await assert.rejects(ask(), { failure: "overloaded" });
  assert.equal(requests.length, 3);
});

Deno.test("askModel() does not try again what would fail again", async (t) => {
  for (const failure of ["auth", "invalid_request", "context_overflow"] as const) {
    await t.step(failure, async () => {
      const { ask, requests } = setUp([failed(failure)]);
      await assert.rejects(ask(), { failure });
      assert.equal(requests.length, 1);
    });
  }
});

Deno.test("askModel() waits as long as the server asks, but not for minutes", async () => {
  const patient = setUp([failed("rate_limit", { retryAfterMs: 7_000 }), YES]);
  await patient.ask();
  assert.deepEqual(patient.pauses, [7_000]);
  const hopeless = setUp([failed("rate_limit", { retryAfterMs: 61_000 })]);
  await assert.rejects(hopeless.ask(), { failure: "rate_limit" });
});

Deno.test("askModel() asks again for an answer that says nothing, and fails at the third", async () => {
  const { ask, pauses, turns } = setUp([[END], [{ type: "text", delta: " \n" }, END], [END]]);
  await assert.rejects(ask(), { message: "p: the answer is empty, 3 times" });
  assert.deepEqual(pauses, [400, 800]);
  assert.equal(turns.length, 3, "each is told, since each was paid for");
  const cut = setUp([[{ type: "end", stop: "max_tokens" }]]);
  await assert.rejects(cut.ask(), {
    message: "p: the answer was cut off before it said anything (max_tokens)",
  });
  const calling = setUp([[{ type: "tool_call", id: "c", name: "Read", arguments: "{}" }, END]]);
  assert.equal((await calling.ask()).calls.length, 1);
});

Deno.test("askModel() leaves out an effort that the model does not know, once", async () => {
  const refusal = failed("invalid_request", { param: "reasoning_effort" });
  const { ask, requests, efforts } = setUp([refusal, YES]);
  assert.equal((await ask()).text, "yes");
  assert.equal(efforts(), 1);
  assert.deepEqual(requests.map(({ reasoningEffort }) => reasoningEffort), ["high", undefined]);
  const stubborn = setUp([refusal, refusal]);
  await assert.rejects(stubborn.ask(), { failure: "invalid_request" });
});

Deno.test("askModel() is aborted while it waits", async () => {
  const stop = new AbortController();
  const { ask } = setUp([failed("network")]);
  stop.abort(new Error("stop"));
  await assert.rejects(ask(stop.signal), { message: "stop" });
});
