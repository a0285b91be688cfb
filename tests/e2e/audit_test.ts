// The audit log of a worker: what it holds, and that every line of it stands in the chain.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { verifyLines } from "../../src/audit/verify.ts";
import { levelHere } from "../support/level.ts";
import {
  DONE,
  END_CHUNK,
  serveModel,
  streamAnswer,
  textAnswer,
  textChunk,
  toolCallChunk,
} from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { calling, modelSpec, scriptedSpec } from "../support/scripted_spec.ts";
import { runSheath } from "../support/sheath_process.ts";
import { serveSite } from "../support/web_site.ts";
import { isObject } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

function logPath(ground: Playground): string {
  return join(ground.fabric, "audit/c-1.jsonl");
}

function entries(ground: Playground): Readonly<Record<string, unknown>>[] {
  return readFileSync(logPath(ground), "utf8").trimEnd().split("\n").map((line) => {
    const entry: unknown = JSON.parse(line);
    assert.ok(isObject(entry));
    return entry;
  });
}

Deno.test("worker logs level, runs, refusals and approvals as one chain, without secrets", async () => {
  using ground = new Playground();
  const file_path = ground.path("made.txt");
  const turns = [
    calling(["Read", { file_path: "/etc/hostname" }]),
    calling(["Write", { file_path, content: "x" }]),
    { text: "end" },
  ];
  const token = "token-canary-1234";
  const spec = scriptedSpec(ground, turns, {
    reusable: false,
    secrets: { provider_credentials: [], worker_auth_token: token },
    capabilities: { script: { turns }, enforce_permissions: true },
  });
  await using worker = await WorkerProcess.start({ ground, spec });
  {
    await using connection = await worker.connect(token);
    connection.send({ kind: "run", assignment: "go" });
    const { id } = await connection.nextKind("approval_request");
    connection.send({ kind: "approval_reply", id, approved: true });
    await connection.finish();
  }
  await worker.process.exit();

  const log = entries(ground);
  assert.deepEqual(log.map(({ kind }) => kind), [
    "start",
    "run_started",
    "tool_refused",
    "approval_asked",
    "approval_answered",
    "run_ended",
    "end",
  ]);
  const [start, , refused, asked, answered, ended] = log;
  assert.equal(start?.level, levelHere());
  assert.ok(Array.isArray(start?.self_tests) && start.self_tests.length >= 3);
  assert.deepEqual([refused?.tool_name, refused?.reason], ["Read", "no grant: read /etc/hostname"]);
  assert.equal(asked?.permission, "Write files to disk");
  assert.equal(answered?.outcome, "allowed");
  assert.equal(ended?.status, "completed");
  const text = readFileSync(logPath(ground), "utf8");
  assert.ok(!text.includes(token), "holds a secret");
  assert.equal(verifyLines(text).type, "intact");
  assert.equal(verifyLines(text.replace("/etc/hostname", "/etc/hostnane")).type, "broken");
  assert.equal(statSync(logPath(ground)).mode & 0o777, 0o600);
});

Deno.test("worker logs each request of the gateway in figures, without addresses or bodies", async () => {
  using ground = new Playground();
  await using site = serveSite();
  const url = `http://127.0.0.1:${site.port}/page-canary?q=1`;
  const args = JSON.stringify({ url, prompt: "see" });
  const chunk = toolCallChunk({ id: "w-1", name: "WebFetch", arguments: args });
  await using model = serveModel(({ body }) =>
    body.includes('"role":"tool"')
      ? textAnswer("answer-canary")
      : streamAnswer([chunk, END_CHUNK, DONE])
  );
  const hosts = [`127.0.0.1:${site.port}`];
  const key = "sk-canary-0123456789";
  const spec = modelSpec(ground, { baseUrl: model.baseUrl, apiKey: key }, {
    capabilities: { sandbox: { hosts } },
  });
  {
    await using worker = await WorkerProcess.start({ ground, spec });
    await using connection = await worker.connect();
    const { terminal } = await connection.run("assignment-canary");
    assert.equal(terminal.result, "answer-canary");
  }

  const egress = entries(ground).filter(({ kind }) => kind === "egress");
  const told = egress.map(({ route, host, method, status }) => ({ route, host, method, status }));
  const provider = { route: "provider", host: `127.0.0.1:${model.port}`, method: "POST" };
  assert.deepEqual(told, [
    { ...provider, status: 200 },
    { route: undefined, host: `127.0.0.1:${site.port}`, method: "GET", status: 200 },
    { ...provider, status: 200 },
  ]);
  const [asked, answered] = model.requests.map(({ body }) => new TextEncoder().encode(body).length);
  const sent = egress.map(({ bytes_sent }) => bytes_sent);
  assert.deepEqual(sent, [asked, site.requests[0]?.length, answered]);
  for (const { bytes_received } of egress) assert.ok(Number(bytes_received) > 50);
  const text = readFileSync(logPath(ground), "utf8");
  assert.doesNotMatch(text, /canary|page-|\/v1\/chat/);
  assert.equal(verifyLines(text).type, "intact");
});

Deno.test("worker logs a request that was under way at its end", async () => {
  using ground = new Playground();
  await using model = serveModel(() => {
    const start = (it: ReadableStreamDefaultController) =>
      it.enqueue(new TextEncoder().encode(textChunk("without end")));
    const headers = { "content-type": "text/event-stream" };
    return new Response(new ReadableStream({ start }), { headers });
  });
  {
    await using worker = await WorkerProcess.start({ ground, spec: modelSpec(ground, model) });
    await using connection = await worker.connect();
    connection.send({ kind: "run", assignment: "go" });
    await connection.nextEvent("token");
    await worker.stop();
  }
  const log = entries(ground);
  const [egress, ...more] = log.filter(({ kind }) => kind === "egress");
  assert.deepEqual([egress?.status, more], [200, []]);
  assert.equal(log.at(-1)?.kind, "end");
});

Deno.test("worker does not start where its log cannot be written", async () => {
  using ground = new Playground();
  mkdirSync(ground.fabric, { mode: 0o700 });
  symlinkSync(ground.home, join(ground.fabric, "audit"));
  const input = JSON.stringify(scriptedSpec(ground, [{ text: "x" }]));
  const exit = await runSheath(["worker"], { variables: ground.variables, input });
  assert.equal(exit.code, 1);
  assert.match(exit.stderr, /audit log/);
  assert.equal(existsSync(join(ground.fabric, "c-1.json")), false);
  assert.equal(existsSync(ground.storage), false);
});
