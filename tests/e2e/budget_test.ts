// Budgets of a worker against a model server: what a run that reaches one ends with, what the server
// was asked, and what `sheath run` makes of it.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DONE,
  END_CHUNK,
  type ModelServer,
  serveModel,
  streamAnswer,
  textChunk,
} from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { calling, modelSpec, scriptedSpec, type Spec } from "../support/scripted_spec.ts";
import { type Exit, runSheath } from "../support/sheath_process.ts";
import { serveSite } from "../support/web_site.ts";
import { isObject } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

type Usage = { readonly prompt_tokens: number; readonly completion_tokens: number };

/** A server whose model says the number of its call and reads a.txt, again and again. */
function talker(usage: Usage | undefined): ModelServer {
  let calls = 0;
  return serveModel(() => {
    calls++;
    const call = { index: 0, id: `c${calls}`, function: { name: "Read", arguments: READ } };
    const choice = { index: 0, delta: { tool_calls: [call] }, finish_reason: "tool_calls" };
    return streamAnswer([
      textChunk(`answer ${calls}`),
      chunkOf({ choices: [choice] }),
      ...(usage ? [chunkOf({ choices: [], usage })] : []),
      DONE,
    ]);
  });
}

const READ = JSON.stringify({ file_path: "a.txt" });

function chunkOf(fields: Readonly<Record<string, unknown>>): string {
  const data = { id: "x", object: "chat.completion.chunk", ...fields };
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** What the server was told an answer may take, call by call. */
function outputLimits({ requests }: ModelServer): readonly unknown[] {
  return requests.map(({ body }) => {
    const request: unknown = JSON.parse(body);
    assert.ok(isObject(request));
    return request.max_tokens;
  });
}

function budgetSpec(
  ground: Playground,
  { baseUrl }: ModelServer,
  capabilities: Readonly<Record<string, unknown>>,
): Spec {
  return modelSpec(ground, { baseUrl }, { capabilities });
}

async function terminalsOf(
  ground: Playground,
  spec: Spec,
  runs = 1,
): Promise<Readonly<Record<string, unknown>>[]> {
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const terminals = [];
  for (let run = 0; run < runs; run++) terminals.push((await connection.run("go")).terminal);
  return terminals;
}

function playground(): Playground {
  return new Playground({ "a.txt": "first line\n" });
}

Deno.test("worker ends a run at total_tokens by the provider's figures, with reason, figures and text", async () => {
  using ground = playground();
  await using server = talker({ prompt_tokens: 40_000, completion_tokens: 9_000 });
  const spec = budgetSpec(ground, server, { budget: { total_tokens: 100_000 } });
  const [terminal, next] = await terminalsOf(ground, spec, 2);
  const { error, ...rest } = terminal ?? {};
  assert.deepEqual(rest, {
    kind: "terminal",
    status: "error",
    reason: "budget",
    result: "answer 2",
  });
  assert.match(
    String(error),
    /^Budget reached: 98,000 of 100,000 tokens, [\d,]+ more needed \(capabilities\.budget\.total_tokens\)$/,
  );
  assert.equal(server.requests.length, 2);
  // The budget is the worker's, not the run's.
  assert.equal(next?.reason, "budget");
  assert.equal(server.requests.length, 2);
});

Deno.test("worker lowers what the last answer may take to what is left", async () => {
  using ground = playground();
  await using server = talker({ prompt_tokens: 10_000, completion_tokens: 100 });
  const spec = budgetSpec(ground, server, { budget: { total_tokens: 20_000 } });
  const [terminal] = await terminalsOf(ground, spec);
  assert.equal(terminal?.reason, "budget");
  const limits = outputLimits(server).map(Number);
  assert.equal(limits.length, 2);
  const [first = 0, last = 0] = limits;
  assert.ok(first === 8_192 && last < 8_192 && last >= 256, `${limits}`);
});

Deno.test("worker charges all it reserved for an answer that tells no usage", async () => {
  using ground = playground();
  await using server = talker(undefined);
  const spec = budgetSpec(ground, server, { budget: { total_tokens: 20_000 } });
  const [terminal] = await terminalsOf(ground, spec);
  assert.equal(terminal?.reason, "budget");
  assert.ok(server.requests.length <= 2, `${server.requests.length} calls`);
});

Deno.test("worker charges all it reserved for a request that is never answered, and none that never left", async (t) => {
  const budget = { total_tokens: 20_000 };
  await t.step("never answered", async () => {
    using ground = playground();
    await using mute = serveSite(() => "");
    const baseUrl = `http://127.0.0.1:${mute.port}/v1`;
    const spec = modelSpec(ground, { baseUrl }, { capabilities: { budget } });
    const [terminal] = await terminalsOf(ground, spec);
    assert.equal(terminal?.reason, "budget", String(terminal?.error));
    assert.ok(mute.contacts() < 3, `${mute.contacts()} calls`);
  });
  await t.step("never left", async () => {
    using ground = playground();
    const closed = serveSite();
    await closed[Symbol.asyncDispose]();
    const baseUrl = `http://127.0.0.1:${closed.port}/v1`;
    const spec = modelSpec(ground, { baseUrl }, { capabilities: { budget } });
    const [terminal] = await terminalsOf(ground, spec);
    assert.match(String(terminal?.error), /no connection/);
    assert.notEqual(terminal?.reason, "budget");
  });
});

Deno.test("worker ends a run at cost_usd by the spec's own prices", async () => {
  using ground = playground();
  await using server = talker({ prompt_tokens: 10_000, completion_tokens: 5_000 });
  const spec = budgetSpec(ground, server, {
    budget: { cost_usd: 0.1 },
    prices: { "m-1": { input: 0, output: 10 } },
  });
  const [terminal] = await terminalsOf(ground, spec);
  const { error, reason } = terminal ?? {};
  assert.equal(reason, "budget");
  assert.match(
    String(error),
    /^Budget reached: \$0\.10 of \$0\.10, \$0\.0026 more needed \(capabilities\.budget\.cost_usd\)$/,
  );
  assert.equal(server.requests.length, 2);
});

Deno.test("worker counts no money where the price is 0", async () => {
  using ground = playground();
  await using server = serveModel(() => streamAnswer([textChunk("done"), END_CHUNK, DONE]));
  const spec = budgetSpec(ground, server, {
    budget: { cost_usd: 0 },
    prices: { "m-1": { input: 0, output: 0 } },
  });
  const [terminal] = await terminalsOf(ground, spec);
  assert.deepEqual(terminal, { kind: "terminal", status: "completed", result: "done" });
});

Deno.test("worker does not start with cost_usd and a model of unknown price", async () => {
  using ground = playground();
  await using server = talker(undefined);
  const spec = budgetSpec(ground, server, { budget: { cost_usd: 1 } });
  const { code, stderr } = await runSheath(["worker"], {
    variables: ground.variables,
    input: JSON.stringify(spec),
  });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /capabilities\.prices.*capabilities\.budget\.cost_usd/);
});

Deno.test("worker ends a run at tool_calls, counted over its runs", async () => {
  using ground = playground();
  const read = calling(["Read", { file_path: ground.path("a.txt") }]);
  const spec = scriptedSpec(ground, [
    { text: "one", ...read },
    { text: "two", ...read },
    { text: "three", ...read },
    { text: "never" },
  ], { capabilities: { budget: { tool_calls: 2 } } });
  const [first, second] = await terminalsOf(ground, spec, 2);
  const ended = {
    kind: "terminal",
    status: "error",
    reason: "budget",
    error: "Budget reached: 2 of 2 tool calls (capabilities.budget.tool_calls)",
  };
  assert.deepEqual(first, { ...ended, result: "three" });
  assert.deepEqual(second, { ...ended, result: "one" });
});

Deno.test("worker ends a run at wall_secs, summed over its runs, with the text so far", async () => {
  using ground = playground();
  const spec = scriptedSpec(ground, [
    { text: "I wait.", ...calling(["Sleep", { seconds: 300 }]) },
  ], { capabilities: { budget: { wall_secs: 1 } } });
  const asked = performance.now();
  const [first, second] = await terminalsOf(ground, spec, 2);
  assert.ok(performance.now() - asked < 10_000);
  const error = "Wall-clock budget reached: 1 s (capabilities.budget.wall_secs)";
  const ended = { kind: "terminal", status: "error", reason: "budget", error };
  assert.deepEqual(first, { ...ended, result: "I wait." });
  assert.deepEqual(second, ended);
});

Deno.test("the audit log tells of a run that a budget ended", async () => {
  using ground = playground();
  const spec = scriptedSpec(ground, [{ text: "a" }], {
    capabilities: { budget: { wall_secs: 0 } },
  });
  await terminalsOf(ground, spec);
  const path = join(ground.fabric, "audit", `${spec.identity.child_id}.jsonl`);
  const entries = readFileSync(path, "utf8").trimEnd().split("\n").map((line) => {
    const entry: unknown = JSON.parse(line);
    return isObject(entry) ? entry : {};
  });
  const [ended] = entries.filter(({ kind }) => kind === "run_ended");
  assert.deepEqual([ended?.status, ended?.reason], ["error", "budget"]);
});

async function run(
  ground: Playground,
  { baseUrl }: ModelServer,
  flags: readonly string[],
): Promise<Exit> {
  const model = ["--model", "local:gpt-4o-mini", "--base-url", baseUrl];
  return await runSheath(["run", ...model, ...flags, "go"], {
    variables: ground.variables,
    cwd: ground.workspace,
  });
}

Deno.test("run() ends with exit code 5 at --max-tokens, and says why", async () => {
  using ground = playground();
  await using server = talker({ prompt_tokens: 40_000, completion_tokens: 9_000 });
  const { code, stderr, stdout } = await run(ground, server, ["--max-tokens", "100000"]);
  assert.equal(code, 5, stderr);
  assert.match(stderr, /sheath: Budget reached: 98,000 of 100,000 tokens/);
  assert.match(stdout, /answer 2/);
  assert.equal(server.requests.length, 2);
});

Deno.test("run() ends with exit code 5 at --max-cost by the list price of the model", async () => {
  using ground = playground();
  // $0.15 and $0.60 a million: each call costs $0.0066.
  await using server = talker({ prompt_tokens: 40_000, completion_tokens: 1_000 });
  const { code, stderr } = await run(ground, server, ["--max-cost", "0.0135"]);
  assert.equal(code, 5, stderr);
  assert.match(stderr, /sheath: Budget reached: \$0\.0132 of \$0\.0135/);
  assert.equal(server.requests.length, 2);
});

Deno.test("run() tells what a run cost at most", async () => {
  using ground = playground();
  const usage = { prompt_tokens: 40_000, completion_tokens: 1_000, total_tokens: 41_000 };
  await using server = serveModel(() =>
    streamAnswer([textChunk("done"), END_CHUNK, chunkOf({ choices: [], usage }), DONE])
  );
  const { code, stderr } = await run(ground, server, ["--max-cost", "1"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /41,000 tokens · at most \$0\.0066 · /);
});

Deno.test("run() refuses amounts that are none", async () => {
  using ground = playground();
  await using server = talker(undefined);
  for (const flags of [["--max-cost", "-1"], ["--max-cost", "1e9"], ["--max-tokens", "0"]]) {
    const { code, stderr } = await run(ground, server, flags);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /Expected/);
  }
});
