// The audit log of a worker: what it holds, and that every line of it stands in the chain.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { verifyLines } from "../../src/audit/verify.ts";
import { levelHere } from "../support/level.ts";
import { Playground } from "../support/playground.ts";
import { calling, scriptedSpec } from "../support/scripted_spec.ts";
import { runSheath } from "../support/sheath_process.ts";
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
