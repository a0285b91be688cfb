// A task that outgrows its model's context several times, in the compiled worker.
import { strict as assert } from "node:assert";
import {
  DONE,
  END_CHUNK,
  type ModelServer,
  serveModel,
  streamAnswer,
  textAnswer,
  toolCallChunk,
  usageChunk,
} from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { memoryBytes } from "../support/proc.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const ROUNDS = 70;

/** Reads one file after another, and counts what it was asked with as a model would. */
function readingModel(ground: Playground, prompts: number[]): ModelServer {
  let round = 0;
  return serveModel(({ body }) => {
    const { messages, tools } = JSON.parse(body);
    if (messages[0].content.startsWith("You sum up")) return textAnswer("Files were read.");
    const tokens = Math.ceil(JSON.stringify([messages, tools]).length / 3);
    prompts.push(tokens);
    if (round++ === ROUNDS) return textAnswer("all read");
    const args = { file_path: ground.path(`f${round}.txt`) };
    return streamAnswer([
      toolCallChunk({ id: "call_0", name: "Read", arguments: JSON.stringify(args) }),
      END_CHUNK,
      usageChunk({ prompt: tokens, completion: 30 }),
      DONE,
    ]);
  });
}

Deno.test("worker works 70 rounds in a context that fills up again and again", async () => {
  using ground = new Playground();
  const line = "some words that a file is made of, again and again\n";
  for (let at = 1; at <= ROUNDS; at++) ground.write(`f${at}.txt`, line.repeat(100));
  const prompts: number[] = [];
  await using model = readingModel(ground, prompts);
  const context_tokens = 24_000;
  const spec = modelSpec(ground, { baseUrl: model.baseUrl }, {
    capabilities: { model_limits: { context_tokens, output_tokens: 1_000 } },
  });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "read them all" });
  const run = await connection.finish();
  assert.deepEqual([run.terminal.status, run.terminal.result], ["completed", "all read"]);
  const summaries = run.events.filter(({ type }) => type === "context_summarized");
  assert.ok(summaries.length >= 3, `${summaries.length} summaries`);
  assert.ok(Math.max(...prompts) < context_tokens, `a prompt of ${Math.max(...prompts)} tokens`);
  assert.ok(memoryBytes(worker.process.pid, "VmHWM") < 220 * 1024 * 1024);
});
