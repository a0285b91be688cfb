// The record a worker keeps in its fabric: shape, text, modes, lease, and its end.
import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import golden from "../fixtures/wire/agent_record.json" with { type: "json" };
import { levelHere } from "../support/level.ts";
import { Playground } from "../support/playground.ts";
import { echoSpec } from "../support/scripted_spec.ts";
import { recordPath, unaudited, WorkerProcess } from "../support/worker_process.ts";

Deno.test("worker publishes the golden record, pretty-printed, with its level as a label", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, { identity: { child_id: "c-7", role: "tester", depth: 2 } });
  const before = Date.now();
  await using worker = await WorkerProcess.start({ ground, spec });
  const text = readFileSync(recordPath(ground, spec), "utf8");
  const { endpoint, pid, version, started_at, lease_expires_at, ...rest } = worker.record;

  assert.deepEqual(Object.keys(worker.record), Object.keys(golden[0]?.value ?? {}));
  assert.equal(text.trimEnd(), JSON.stringify(worker.record, undefined, 2));
  assert.deepEqual(rest, { agent_id: "c-7", role: "tester", labels: [`sandbox=${levelHere()}`] });
  assert.match(String(endpoint), /^ws:\/\/127\.0\.0\.1:[1-9][0-9]*$/);
  assert.equal(pid, worker.process.pid);
  assert.match(String(version), /^\d+\.\d+\.\d+$/);
  assert.match(String(started_at), TIMESTAMP);
  assert.match(String(lease_expires_at), TIMESTAMP);
  const startedMs = Date.parse(String(started_at));
  assert.ok(startedMs >= before - 1 && startedMs <= Date.now());
  const leaseMs = Date.parse(String(lease_expires_at)) - startedMs;
  assert.ok(leaseMs >= 59_000 && leaseMs <= 61_500, `lease of ${leaseMs} ms`);
});

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6}|\.\d{9})?Z$/;

Deno.test("worker makes fabric, record and storage for its user alone", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground);
  await using _worker = await WorkerProcess.start({ ground, spec });
  assert.deepEqual({
    fabric: modeOf(ground.fabric),
    record: modeOf(recordPath(ground, spec)),
    storage: modeOf(ground.storage),
  }, { fabric: "700", record: "600", storage: "700" });
});

Deno.test("worker leaves the mode of a fabric that exists, and other records in it, as they are", async () => {
  using ground = new Playground();
  mkdirSync(ground.fabric);
  chmodSync(ground.fabric, 0o750);
  const other = golden[0]?.value;
  const live = JSON.stringify({ ...other, lease_expires_at: "2999-01-01T00:00:00Z" });
  writeFileSync(join(ground.fabric, "child-1.json"), live);
  writeFileSync(join(ground.fabric, "notes.txt"), "not a record");
  {
    await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
    assert.equal(modeOf(ground.fabric), "750");
    await worker.stop();
    assert.deepEqual(unaudited(ground.fabric), ["child-1.json", "notes.txt"]);
    assert.equal(readFileSync(join(ground.fabric, "child-1.json"), "utf8"), live);
    for (const name of unaudited(ground.fabric)) rmSync(join(ground.fabric, name));
  }
});

Deno.test("worker serves at once when its record is there: the port is bound before", async () => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  await using connection = await worker.connect();
  assert.equal((await connection.run("x")).terminal.status, "completed");
});

Deno.test("worker also goes by the name subagent-worker", async () => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({
    ground,
    spec: echoSpec(ground),
    command: "subagent-worker",
  });
  await using connection = await worker.connect();
  assert.equal((await connection.run("x")).terminal.result, "echo: x");
});

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
