// The runtime executor against a model API that is not ours (aimock), over base_url.
import { LLMock } from "@copilotkit/aimock";
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { Playground } from "../support/playground.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import { eventsOf, spoken, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

// One for all tests: it starts timers of its own that its stop() leaves running.
const mock = new LLMock({ port: 0, host: "127.0.0.1" });
Deno.test.beforeAll(async () => void await mock.start());
Deno.test.afterAll(() => mock.stop());
Deno.test.beforeEach(() => void mock.clearFixtures().clearRequests());

const server = () => ({ baseUrl: `http://127.0.0.1:${mock.port}/v1` });

Deno.test("worker reads and edits a file as a model behind an OpenAI server asks", async () => {
  using ground = new Playground({ "sum.py": "return a - b\n" });
  const file_path = ground.path("sum.py");
  const toolCall = (id: string, name: string, args: object) => ({
    toolCalls: [{ id, name, arguments: JSON.stringify(args) }],
  });
  mock
    .onToolResult("edit-1", { content: "Mended the sum." })
    .onToolResult(
      "read-1",
      toolCall("edit-1", "Edit", { file_path, old_string: "a - b", new_string: "a + b" }),
    )
    .onMessage("Mend the sum", toolCall("read-1", "Read", { file_path }));

  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server()) });
  await using connection = await worker.connect();
  const run = await connection.run("Mend the sum");

  assert.deepEqual(run.terminal, {
    kind: "terminal",
    status: "completed",
    result: "Mended the sum.",
  });
  assert.equal(readFileSync(file_path, "utf8"), "return a + b\n");
  assert.deepEqual(toolOutcomes(run).map(({ success }) => success), [true, true]);
  assert.equal(spoken(run), "Mended the sum.");
  assert.equal(eventsOf(run.events, "complete").length, 1);
  assert.equal(mock.getRequests().length, 3);
});

type Asked = {
  readonly model: string;
  readonly stream: boolean;
  readonly roles: readonly string[];
  readonly last: unknown;
  readonly tools: readonly string[];
};

Deno.test("worker asks the model for a stream with its tools, the model's name and the system message first", async () => {
  using ground = new Playground();
  const asked: Asked[] = [];
  mock.on({
    predicate({ model, stream = false, messages, tools = [] }) {
      asked.push({
        model,
        stream,
        roles: messages.map(({ role }) => role),
        last: messages.at(-1)?.content,
        tools: tools.map((tool) => tool.function.name),
      });
      return true;
    },
  }, { content: "Hi." });
  const spec = modelSpec(ground, server(), { disabled_tools: ["Write"] });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  await connection.run("Hello");

  assert.equal(asked.length, 1);
  const [request] = asked;
  const tools = request?.tools ?? [];
  const roles = ["system", "user"];
  assert.deepEqual(request, { model: "m-1", stream: true, roles, last: "Hello", tools });
  assert.deepEqual(tools, tools.toSorted());
  assert.ok(tools.includes("Read") && !tools.includes("Write"), `${tools}`);
});

Deno.test("worker sums the usage the server gives", async () => {
  using ground = new Playground({ "a.txt": "x\n" });
  const read = { id: "r1", name: "Read", arguments: `{"file_path":"${ground.path("a.txt")}"}` };
  const usage = { prompt_tokens: 30, completion_tokens: 4, total_tokens: 34 };
  mock
    .onToolResult("r1", { content: "seen", usage })
    .onMessage("go", { toolCalls: [read], usage });
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server()) });
  await using connection = await worker.connect();
  const { events } = await connection.run("go");
  assert.deepEqual(events.at(-1), {
    type: "complete",
    usage: { prompt_tokens: 60, completion_tokens: 8, total_tokens: 68 },
  });
});

// The mock goes on pausing between its words after its client has gone: its timer, not ours.
const slow = { sanitizeOps: false, sanitizeResources: false };
Deno.test(
  "worker cancels a slow stream between two tokens and is alive for the next run",
  slow,
  async () => {
    using ground = new Playground();
    mock
      .onMessage("slow", { content: "word ".repeat(200) }, { latency: 200, chunkSize: 5 })
      .onMessage("quick", { content: "here" });
    await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server()) });
    await using connection = await worker.connect();
    connection.send({ kind: "run", assignment: "slow" });
    await connection.nextEvent("token");
    const asked = performance.now();
    connection.send({ kind: "cancel" });
    const { terminal } = await connection.finish();
    assert.equal(terminal.status, "cancelled");
    assert.match(String(terminal.result), /^word /);
    assert.ok(performance.now() - asked < 500, "cancel took more than half a second");
    assert.equal((await connection.run("quick")).terminal.result, "here");
  },
);
