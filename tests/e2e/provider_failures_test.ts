// Model servers that refuse, lie, break off or never answer: an error terminal, and the worker lives on.
import { strict as assert } from "node:assert";
import { until, within } from "../support/deadline.ts";
import {
  DONE,
  END_CHUNK,
  type ModelRequest,
  type ModelServer,
  serveModel,
  streamAnswer,
  textAnswer,
  textChunk,
} from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import { eventsOf } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

/** Answers `bad` to the assignment "bad" and properly to all else. */
function serveBadly(bad: () => Response | Promise<Response>): ModelServer {
  return serveModel((request) => isBad(request) ? bad() : textAnswer("fine"));
}

function isBad({ body }: ModelRequest): boolean {
  return body.includes('"content":"bad"');
}

function jsonError(status: number, error: Readonly<Record<string, unknown>>): Response {
  return Response.json({ error }, { status });
}

type Case = { readonly bad: () => Response; readonly error: RegExp; readonly result?: string };

const cases: Readonly<Record<string, Case>> = {
  "401": {
    bad: () => jsonError(401, { message: "Incorrect API key", code: "invalid_api_key" }),
    error: /^LLM error: openai: HTTP 401: Incorrect API key$/,
  },
  "404": {
    bad: () => jsonError(404, { message: "no such model", code: "model_not_found" }),
    error: /^LLM error: openai: HTTP 404: no such model$/,
  },
  "429": {
    bad: () => jsonError(429, { message: "slow down", type: "rate_limit_exceeded" }),
    error: /^LLM error: openai: HTTP 429: slow down$/,
  },
  "500": {
    bad: () => new Response("internal\nstack", { status: 500 }),
    error: /^LLM error: openai: HTTP 500/,
  },
  "503 with HTML": {
    bad: () => html(503),
    error: /^LLM error: openai: HTTP 503/,
  },
  "a page instead of a stream": {
    bad: () => html(200),
    error: /^LLM error: openai: HTTP 200: .*text\/html/,
  },
  "JSON instead of a stream": {
    bad: () => Response.json({ choices: [] }),
    error: /^LLM error: openai: HTTP 200: .*application\/json/,
  },
  "half a stream": {
    bad: () => streamAnswer([textChunk("half "), textChunk("an")]),
    error: /^LLM error: openai: /,
    result: "half an",
  },
  "a stream that breaks off inside a chunk": {
    bad: () => streamAnswer([textChunk("half"), 'data: {"choices":[{"ind']),
    error: /^LLM error: openai: /,
    result: "half",
  },
  "an empty stream": { bad: () => streamAnswer([]), error: /^LLM error: openai: / },
  "an end without an answer": { bad: () => streamAnswer([DONE]), error: /^LLM error: openai: / },
  "garbage in a stream": {
    bad: () => streamAnswer(["data: not json\n\n", DONE]),
    error: /^LLM error: openai: /,
  },
  "an error inside a stream": {
    bad: () => streamAnswer([textChunk("half"), 'data: {"error":{"message":"crashed"}}\n\n']),
    error: /^LLM error: openai: error in the stream: crashed$/,
    result: "half",
  },
};

function html(status: number): Response {
  const headers = { "content-type": "text/html" };
  return new Response("<html>welcome</html>", { status, headers });
}

for (const [name, { bad, error, result = "" }] of Object.entries(cases)) {
  Deno.test(`worker ends the run as failed, names provider and status, and lives on after ${name}`, async () => {
    using ground = new Playground();
    await using server = serveBadly(bad);
    await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server) });
    await using connection = await worker.connect();
    const run = await connection.run("bad");
    const { error: told, ...rest } = run.terminal;
    assert.deepEqual(rest, { kind: "terminal", status: "error", reason: "failed", result });
    assert.match(String(told), error);
    assert.doesNotMatch(String(told), /\n/);
    assert.deepEqual(eventsOf(run.events, "complete"), []);
    assert.equal((await connection.run("good")).terminal.result, "fine");
  });
}

Deno.test("worker ends the run as failed when nobody listens at the provider's port", async () => {
  using ground = new Playground();
  const baseUrl = `http://127.0.0.1:${freePort()}/v1`;
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, { baseUrl }) });
  await using connection = await worker.connect();
  for (const round of ["first", "second"]) {
    const { terminal } = await connection.run(round);
    assert.equal(terminal.status, "error");
    assert.equal(terminal.reason, "failed");
    assert.match(String(terminal.error), /^LLM error: openai: no connection/);
  }
});

/** Of a port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("worker cancels a request that is never answered, and hangs up", async (t) => {
  const answers: Record<string, { answer: string; isStarted: (events: number) => boolean }> = {
    "not at all": { answer: "", isStarted: () => true },
    "after its first word": { answer: HEAD + textChunk("word"), isStarted: (events) => events > 2 },
  };
  for (const [name, { answer, isStarted }] of Object.entries(answers)) {
    await t.step(name, async () => {
      using ground = new Playground();
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const baseUrl = `http://127.0.0.1:${listener.addr.port}/v1`;
      const spec = modelSpec(ground, { baseUrl });
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      for (const round of ["first", "second"]) {
        const from = connection.frames.length;
        connection.send({ kind: "run", assignment: round });
        using mute = await within(listener.accept(), { what: "request" });
        await mute.read(new Uint8Array(64));
        await mute.write(new TextEncoder().encode(answer));
        const hasStarted = () => isStarted(connection.frames.length - from) || undefined;
        await until(hasStarted, { what: "answer" });
        const asked = performance.now();
        connection.send({ kind: "cancel" });
        assert.equal((await connection.finish(from)).terminal.status, "cancelled");
        assert.ok(performance.now() - asked < 500, "cancel took more than half a second");
        await within(endOf(mute), { what: "end of the request", ms: 2000 });
      }
    });
  }
});

Deno.test("worker hangs up also when the answer's head and the cancel cross", async () => {
  using ground = new Playground();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const baseUrl = `http://127.0.0.1:${listener.addr.port}/v1`;
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, { baseUrl }) });
  await using connection = await worker.connect();
  for (let round = 0; round < 8; round++) {
    const from = connection.frames.length;
    connection.send({ kind: "run", assignment: "x" });
    using mute = await within(listener.accept(), { what: "request" });
    await mute.read(new Uint8Array(64));
    await mute.write(new TextEncoder().encode(HEAD));
    connection.send({ kind: "cancel" });
    await connection.finish(from);
    await within(endOf(mute), { what: "end of the request", ms: 2000 });
  }
});

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

/** Settles when the peer has hung up. */
async function endOf(connection: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(16 * 1024);
  while (await connection.read(buffer).catch(() => null) !== null);
}

Deno.test("worker follows no redirect, so the key and the prompt reach no other server", async (t) => {
  for (const status of [301, 302, 303, 307, 308]) {
    await t.step(`${status}`, async () => {
      using ground = new Playground();
      await using other = serveModel(() => textAnswer("stolen"));
      const location = `${other.baseUrl}/chat/completions`;
      await using server = serveBadly(() => new Response(null, { status, headers: { location } }));
      await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server) });
      await using connection = await worker.connect();
      const { terminal } = await connection.run("bad");
      assert.equal(terminal.status, "error");
      assert.match(String(terminal.error), new RegExp(`^LLM error: openai: HTTP ${status}`));
      assert.equal(other.requests.length, 0);
      assert.equal((await connection.run("good")).terminal.result, "fine");
    });
  }
});

Deno.test("worker reads an answer however the server cuts it", async () => {
  using ground = new Playground();
  const whole = textChunk("a \u{1f600} b") + END_CHUNK + DONE;
  await using server = serveModel(() => {
    const bytes = new TextEncoder().encode(whole);
    const body = ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte)));
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, server) });
  await using connection = await worker.connect();
  assert.equal((await connection.run("go")).terminal.result, "a \u{1f600} b");
});

Deno.test("worker sends its key to the provider it is for, and to that one alone", async () => {
  using ground = new Playground();
  await using server = serveModel(() => textAnswer("fine"));
  const spec = modelSpec(ground, { baseUrl: server.baseUrl, apiKey: "sk-the-right-one" });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  await connection.run("go");
  const [request] = server.requests;
  assert.equal(request?.headers.get("authorization"), "Bearer sk-the-right-one");
  assert.equal(request?.url, `${server.baseUrl}/chat/completions`);
});

Deno.test("worker sends no authorization to a local server without a key", async () => {
  using ground = new Playground();
  await using server = serveModel(() => textAnswer("fine"));
  const spec = modelSpec(ground, { baseUrl: server.baseUrl, apiKey: "" });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  assert.equal((await connection.run("go")).terminal.result, "fine");
  assert.equal(server.requests[0]?.headers.get("authorization"), null);
});
