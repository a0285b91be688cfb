// What ends a run before its model is done: cancel, rounds, time.
import { strict as assert } from "node:assert";
import { Playground } from "../support/playground.ts";
import { calling, scriptedSpec, type ScriptTurn } from "../support/scripted_spec.ts";
import { eventsOf } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

/** The promise is 200 ms; the rest is for a machine under load. */
const CANCEL_MS = 200 + 300;

const cancelled: Record<string, { turns: readonly ScriptTurn[]; after: string; result?: string }> =
  {
    "while the model has not answered": {
      turns: [{ delay_ms: 600_000, text: "never" }],
      after: "runner_progress",
    },
    "between two pieces of an answer": {
      turns: [
        { text: "said ", ...calling(["Sleep", { seconds: 0 }]) },
        { delay_ms: 600_000, text: "never" },
      ],
      after: "tool_complete",
      result: "said ",
    },
    "while a tool is at work": {
      turns: [{ text: "I sleep.", ...calling(["Sleep", { seconds: 300 }]) }],
      after: "tool_lifecycle",
      result: "I sleep.",
    },
  };

for (const [when, { turns, after, result }] of Object.entries(cancelled)) {
  Deno.test(`worker ends a run soon after a cancel ${when}, and is alive for the next`, async () => {
    using ground = new Playground();
    await using worker = await WorkerProcess.start({ ground, spec: scriptedSpec(ground, turns) });
    await using connection = await worker.connect();
    for (const round of ["first", "second"]) {
      const from = connection.frames.length;
      connection.send({ kind: "run", assignment: round });
      await connection.nextEvent(after);
      const asked = performance.now();
      connection.send({ kind: "cancel" });
      const { terminal, events } = await connection.finish(from);
      const took = performance.now() - asked;
      assert.equal(terminal.status, "cancelled");
      if (result !== undefined) assert.equal(terminal.result, result);
      assert.equal(terminal.error, undefined);
      assert.ok(took < CANCEL_MS, `took ${took} ms`);
      const closing = ["complete", "cancelled", "error"];
      assert.deepEqual(events.filter(({ type }) => closing.includes(type)), []);
    }
  });
}

Deno.test("worker ends a run at max_rounds with an error that names the limit and the partial text", async () => {
  using ground = new Playground();
  const again: ScriptTurn = { text: "more", ...calling(["Sleep", { seconds: 0 }]) };
  const spec = scriptedSpec(ground, [again, again, again, { text: "never" }], {
    limits: { max_rounds: 3 },
  });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const { terminal, events } = await connection.run("go");
  const { error, ...rest } = terminal;
  assert.deepEqual(rest, { kind: "terminal", status: "error", reason: "limit", result: "more" });
  assert.match(String(error), /3.*limits\.max_rounds/);
  assert.deepEqual(eventsOf(events, "runner_progress").map(({ round_count }) => round_count), [
    0,
    1,
    2,
  ]);
  assert.deepEqual(eventsOf(events, "complete"), []);
});

Deno.test("worker completes a run whose last round is the last one allowed", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [calling(["Sleep", { seconds: 0 }]), { text: "end" }], {
    limits: { max_rounds: 2 },
  });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  assert.equal((await connection.run("go")).terminal.status, "completed");
});

Deno.test("worker ends a run at run_timeout_secs with reason timeout and the partial text", async (t) => {
  const runs: Record<string, readonly ScriptTurn[]> = {
    "in a tool": [{ text: "so far", ...calling(["Sleep", { seconds: 300 }]) }],
    "in the model": [
      { text: "so far", ...calling(["Sleep", { seconds: 0 }]) },
      { delay_ms: 600_000, text: "never" },
    ],
  };
  for (const [name, turns] of Object.entries(runs)) {
    await t.step(name, async () => {
      using ground = new Playground();
      const spec = scriptedSpec(ground, turns, { limits: { run_timeout_secs: 1 } });
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      const asked = performance.now();
      const { terminal, events } = await connection.run("go");
      const took = performance.now() - asked;
      const { error, ...rest } = terminal;
      const wanted = { kind: "terminal", status: "error", reason: "timeout", result: "so far" };
      assert.deepEqual(rest, wanted);
      assert.match(String(error), /1 s.*limits\.run_timeout_secs/);
      assert.ok(took > 900 && took < 2500, `took ${took} ms`);
      assert.deepEqual(eventsOf(events, "complete"), []);
    });
  }
});

Deno.test("worker tells a failing model call as an error terminal and no event", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [
    { text: "I begin.", error: { status: 400, message: "no such model" } },
  ]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const { terminal, events } = await connection.run("go");
  assert.deepEqual(terminal, {
    kind: "terminal",
    status: "error",
    error: "LLM error: scripted: HTTP 400: no such model",
    reason: "failed",
    result: "I begin.",
  });
  const closing = ["complete", "cancelled", "error"];
  assert.deepEqual(events.filter(({ type }) => closing.includes(type)), []);
});
