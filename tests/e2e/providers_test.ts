// Every protocol in the compiled program: against a model API that is not ours (aimock), and against
// servers that refuse, send elsewhere, dawdle or contradict themselves.
import { LLMock } from "@copilotkit/aimock";
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DONE,
  END_CHUNK,
  type ModelRequest,
  serveModel,
  streamAnswer,
  textAnswer,
  textChunk,
} from "../support/model_server.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import { echoSpec, modelSpec, type Spec } from "../support/scripted_spec.ts";
import { runSheath } from "../support/sheath_process.ts";
import { isObject, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

type Protocol = {
  readonly provider: "openai" | "anthropic" | "gemini";
  readonly model: string;
  /** Of its base URL. */
  readonly prefix: string;
  /** Under the prefix. */
  readonly path: string;
  /** The one header that may hold the key. */
  readonly header: string;
  readonly variable: string;
};

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  "OpenAI's chat completions": {
    provider: "openai",
    model: "m-1",
    prefix: "/v1",
    path: "/chat/completions",
    header: "authorization",
    variable: "OPENAI_API_KEY",
  },
  "OpenAI's responses": {
    provider: "openai",
    model: "gpt-5-codex",
    prefix: "/v1",
    path: "/responses",
    header: "authorization",
    variable: "OPENAI_API_KEY",
  },
  Anthropic: {
    provider: "anthropic",
    model: "claude-haiku-5-5",
    prefix: "/v1",
    path: "/messages",
    header: "x-api-key",
    variable: "ANTHROPIC_API_KEY",
  },
  Gemini: {
    provider: "gemini",
    model: "gemini-3.8-flash",
    prefix: "/v1beta",
    path: "/models/gemini-3.8-flash:streamGenerateContent",
    header: "x-goog-api-key",
    variable: "GEMINI_API_KEY",
  },
};

const KEY = "key-0123456789-abcdefghij";
const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie"];

// One for all tests: it starts timers of its own that its stop() leaves running.
const mock = new LLMock({ port: 0, host: "127.0.0.1", auth: { apiKeys: [KEY] } });
Deno.test.beforeAll(async () => void await mock.start());
Deno.test.afterAll(() => mock.stop());
Deno.test.beforeEach(() => void mock.clearFixtures().clearRequests());

function specFor(
  ground: Playground,
  { provider, model }: Protocol,
  { baseUrl, key = KEY }: { baseUrl: string; key?: string },
): Spec {
  return echoSpec(ground, {
    executor: { kind: "bamboo_runtime" },
    workspace: ground.workspace,
    model: { provider, model },
    secrets: { provider_credentials: [{ provider, api_key: key, base_url: baseUrl }] },
  });
}

/** A call of Read, then a text. */
function playReading(ground: Playground): void {
  const call = {
    id: "r-1",
    name: "Read",
    arguments: JSON.stringify({ file_path: ground.path("a.txt") }),
  };
  mock
    .on({ hasToolResult: false }, { toolCalls: [call] })
    .on({ hasToolResult: true, toolResultContains: "first line" }, { content: "It is there." });
}

/** Two requests to the one place, the key in the one header; aimock itself compares its value. */
function assertAsked({ prefix, path, header }: Protocol): void {
  const asked = mock.getRequests().map((request) => ({
    path: request.path.split("?")[0],
    status: request.response.status,
    keys: KEY_HEADERS.filter((name) => request.headers[name] !== undefined),
  }));
  const expected = { path: `${prefix}${path}`, status: 200, keys: [header] };
  assert.deepEqual(asked, [expected, expected]);
}

function assertKeyNowhere(ground: Playground, texts: readonly string[]): void {
  assert.ok(!texts.join("\n").includes(KEY), "the key was told");
  for (const name of filesUnder(ground.root)) {
    assert.ok(!readFileSync(join(ground.root, name)).includes(KEY), `the key is in ${name}`);
  }
}

for (const [name, protocol] of Object.entries(PROTOCOLS)) {
  const mocked = () => `http://127.0.0.1:${mock.port}${protocol.prefix}`;

  Deno.test(`worker calls a tool and answers over ${name}, and tells its key nobody else`, async () => {
    using ground = new Playground({ "a.txt": "first line\n" });
    playReading(ground);
    const spec = specFor(ground, protocol, { baseUrl: mocked() });
    await using worker = await WorkerProcess.start({ ground, spec });
    await using connection = await worker.connect();
    const run = await connection.run("read it");
    const terminal = { kind: "terminal", status: "completed", result: "It is there." };
    assert.deepEqual(run.terminal, terminal);
    assert.deepEqual(toolOutcomes(run).map(({ success }) => success), [true]);
    assertAsked(protocol);
    const { stdout, stderr } = worker.process;
    assertKeyNowhere(ground, [...connection.texts, stdout, stderr]);
  });

  Deno.test(`run() calls a tool and answers over ${name} with the key of its variable`, async () => {
    using ground = new Playground({ "a.txt": "first line\n" });
    playReading(ground);
    const model = `${protocol.provider}:${protocol.model}`;
    const args = ["run", "--json", "--model", model, "--base-url", mocked(), "read it"];
    const variables = { ...ground.variables, [protocol.variable]: KEY };
    const { code, stdout, stderr } = await runSheath(args, { variables, cwd: ground.workspace });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"result":"It is there\."/);
    assertAsked(protocol);
    assertKeyNowhere(ground, [stdout, stderr]);
  });

  Deno.test(`worker tells of a wrong key over ${name}`, async () => {
    using ground = new Playground();
    const spec = specFor(ground, protocol, { baseUrl: mocked(), key: "another-key-9876543210" });
    await using worker = await WorkerProcess.start({ ground, spec });
    await using connection = await worker.connect();
    const { terminal } = await connection.run("go");
    const error = `LLM error: ${protocol.provider}: HTTP 401: Invalid API key`;
    assert.deepEqual(terminal, {
      kind: "terminal",
      status: "error",
      reason: "failed",
      error,
      result: "",
    });
  });

  const refusals = [
    [404, "model x does not exist"],
    [400, "registry.example/x does not support tools"],
  ] as const;
  for (const [status, message] of refusals) {
    Deno.test(`worker ends a run when ${name} says ${status}`, async () => {
      using ground = new Playground();
      await using server = serveModel(() => Response.json({ error: { message } }, { status }));
      const spec = specFor(ground, protocol, server);
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      const { terminal } = await connection.run("go");
      assert.equal(terminal.status, "error");
      assert.equal(terminal.error, `LLM error: ${protocol.provider}: HTTP ${status}: ${message}`);
    });
  }

  Deno.test(`worker carries no key to where ${name} sends it`, async () => {
    using ground = new Playground();
    await using other = serveModel(() => textAnswer("stolen"));
    const location = `${other.baseUrl}${protocol.path}`;
    await using server = serveModel(() =>
      new Response(null, { status: 307, headers: { location } })
    );
    const spec = specFor(ground, protocol, server);
    await using worker = await WorkerProcess.start({ ground, spec });
    await using connection = await worker.connect();
    const { terminal } = await connection.run("go");
    assert.match(String(terminal.error), /HTTP 307/);
    assert.equal(other.requests.length, 0);
    assert.deepEqual(keysOf(server.requests[0]), [protocol.header]);
  });

  Deno.test(`worker and run() refuse a password in the address of ${name}`, async () => {
    using ground = new Playground();
    const baseUrl = `http://user:hunter2@127.0.0.1${protocol.prefix}`;
    const input = JSON.stringify(specFor(ground, protocol, { baseUrl }));
    const model = `${protocol.provider}:${protocol.model}`;
    const { variables, workspace: cwd } = ground;
    const exits = [
      await runSheath(["worker"], { variables, input }),
      await runSheath(["run", "--model", model, "--base-url", baseUrl, "go"], { variables, cwd }),
    ];
    for (const { code, stdout, stderr } of exits) {
      assert.equal(code, 2);
      assert.match(stderr, /base_url: .*user/);
      assert.ok(!(stdout + stderr).includes("hunter2"));
    }
  });
}

function keysOf(request: ModelRequest | undefined): readonly string[] {
  return KEY_HEADERS.filter((header) => request?.headers.has(header));
}

Deno.test("run() takes the first of several keys and says so in its first line", async () => {
  using ground = new Playground();
  const variables = { ...ground.variables, ANTHROPIC_API_KEY: KEY, GEMINI_API_KEY: KEY };
  // The workspace is missing, so that nobody is asked anything.
  const args = ["run", "--workspace", "missing", "go"];
  const { code, stderr } = await runSheath(args, { variables, cwd: ground.workspace });
  assert.equal(code, 2);
  assert.match(
    stderr.split("\n")[0] ?? "",
    /ANTHROPIC_API_KEY and GEMINI_API_KEY are set: ANTHROPIC_API_KEY comes first.*anthropic:claude/,
  );
});

Deno.test("worker refuses to send one provider's key to another's address", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, {
    executor: { kind: "bamboo_runtime" },
    model: { provider: "openai", model: "m-1" },
    secrets: { provider_credentials: [{ provider: "anthropic", api_key: KEY }] },
  });
  const { variables } = ground;
  const { code, stderr } = await runSheath(["worker"], { variables, input: JSON.stringify(spec) });
  assert.equal(code, 2);
  assert.match(stderr, /create provider 'openai': no credential for it/);
  assertKeyNowhere(ground, [stderr]);
});

Deno.test("worker takes an answer that says twice that it is done", async () => {
  using ground = new Playground();
  await using server = serveModel(() =>
    streamAnswer([textChunk("once"), END_CHUNK, DONE, DONE, textChunk("twice")])
  );
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server) });
  await using connection = await worker.connect();
  assert.equal((await connection.run("go")).terminal.result, "once");
});

Deno.test("worker ends an answer that never ends at the run's timeout", async () => {
  using ground = new Playground();
  await using server = serveModel(() => dripping({ pieces: forever(textChunk("on ")), ms: 20 }));
  const spec = modelSpec(ground, server, { limits: { run_timeout_secs: 1 } });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const { terminal } = await connection.run("go");
  assert.equal(terminal.reason, "timeout");
  assert.match(String(terminal.result), /^on on /);
});

Deno.test("worker reads an answer that comes byte by byte, with pauses", async () => {
  using ground = new Playground();
  const bytes = new TextEncoder().encode(textChunk("sl\u{f6}w") + END_CHUNK);
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  await using server = serveModel(() => dripping({ pieces, ms: 4 }));
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server) });
  await using connection = await worker.connect();
  assert.equal((await connection.run("go")).terminal.result, "sl\u{f6}w");
});

Deno.test("worker runs two calls of one id, and answers each by an id of its own", async () => {
  using ground = new Playground({ "a.txt": "one\n", "b.txt": "two\n" });
  const calls = ["a.txt", "b.txt"].map((name, index) => ({
    index,
    id: "same",
    function: { name: "Read", arguments: JSON.stringify({ file_path: ground.path(name) }) },
  }));
  await using server = serveModel(({ body }) =>
    body.includes('"role":"tool"') ? textAnswer("seen") : callAnswer(calls, "tool_calls")
  );
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server) });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  assert.equal(run.terminal.result, "seen");
  assert.deepEqual(toolOutcomes(run).map(({ success }) => success), [true, true]);
  const answered = messagesOf(server.requests[1]).flatMap(({ role, tool_call_id }) =>
    role === "tool" ? [tool_call_id] : []
  );
  assert.equal(answered.length, 2);
  assert.equal(new Set(answered).size, 2);
});

Deno.test("worker changes nothing by a call whose arguments are cut in half", async () => {
  using ground = new Playground();
  const half = JSON.stringify({ file_path: ground.path("new.txt"), content: "x" }).slice(0, -6);
  const calls = [{ index: 0, id: "w-1", function: { name: "Write", arguments: half } }];
  await using server = serveModel(({ body }) =>
    body.includes('"role":"tool"') ? textAnswer("I see.") : callAnswer(calls, "tool_calls")
  );
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server) });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  assert.equal(run.terminal.result, "I see.");
  assert.deepEqual(toolOutcomes(run).map(({ success }) => success), [false]);
  assert.deepEqual(filesUnder(ground.workspace), []);
});

function callAnswer(tool_calls: readonly unknown[], finish_reason: string): Response {
  const choice = { index: 0, delta: { tool_calls }, finish_reason };
  return streamAnswer([`data: ${JSON.stringify({ choices: [choice] })}\n\n`, DONE]);
}

function messagesOf(request: ModelRequest | undefined): Readonly<Record<string, unknown>>[] {
  const body: unknown = JSON.parse(request?.body ?? "{}");
  return isObject(body) && Array.isArray(body.messages) ? body.messages.filter(isObject) : [];
}

function* forever(text: string): Generator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  while (true) yield bytes;
}

/** An event stream with a pause before each piece. */
function dripping(
  { pieces, ms }: { readonly pieces: Iterable<Uint8Array>; readonly ms: number },
): Response {
  const iterator = pieces[Symbol.iterator]();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((done) => timer = setTimeout(done, ms));
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => clearTimeout(timer),
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
