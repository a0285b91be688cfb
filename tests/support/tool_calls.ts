// Tool calls of a scripted model, one a round, and what each came to.
import { strict as assert } from "node:assert";
import type { Playground } from "./playground.ts";
import { calling, type NamedCall, scriptedSpec, type SpecFields } from "./scripted_spec.ts";
import { type ToolOutcome, toolOutcomes } from "./worker_connection.ts";
import { WorkerProcess } from "./worker_process.ts";

export type ToolCalls = {
  readonly ground: Playground;
  readonly calls: readonly NamedCall[];
  readonly fields?: SpecFields;
};

/** Makes the calls in one run of a worker of its own; the run must complete. */
export async function makeToolCalls(options: ToolCalls): Promise<readonly ToolOutcome[]> {
  const { ground, calls, fields = {} } = options;
  const turns = [...calls.map((call) => calling(call)), { text: "end" }];
  const spec = scriptedSpec(ground, turns, { limits: { max_rounds: turns.length }, ...fields });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  assert.equal(run.terminal.result, "end", String(run.terminal.error));
  const outcomes = toolOutcomes(run);
  assert.equal(outcomes.length, calls.length);
  return outcomes;
}
