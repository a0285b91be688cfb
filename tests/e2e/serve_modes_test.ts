// How long a worker lives: one connection, many, idle, a signal, a parent that is gone.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SHEATH } from "../support/binary.ts";
import { until } from "../support/deadline.ts";
import { Playground } from "../support/playground.ts";
import { isAlive } from "../support/proc.ts";
import { calling, echoSpec, scriptedSpec } from "../support/scripted_spec.ts";
import { isObject, WorkerConnection } from "../support/worker_connection.ts";
import { assertNothingLeft, recordPath, WorkerProcess } from "../support/worker_process.ts";

Deno.test("one-shot worker exits 0 and withdraws its record when its one connection ends", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, { reusable: false });
  await using worker = await WorkerProcess.start({ ground, spec });
  {
    await using connection = await worker.connect();
    assert.equal((await connection.run("a")).terminal.status, "completed");
    assert.equal((await connection.run("b")).terminal.status, "completed");
  }
  const { code, stdout, stderr } = await worker.process.exit();
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
  assertNothingLeft(ground);
});

Deno.test("one-shot worker exits 0 when its run failed", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [{ error: { status: 400, message: "no" } }], {
    reusable: false,
  });
  await using worker = await WorkerProcess.start({ ground, spec });
  {
    await using connection = await worker.connect();
    assert.equal((await connection.run("a")).terminal.status, "error");
  }
  assert.equal((await worker.process.exit()).code, 0);
});

Deno.test("reusable worker serves connections one after another", async () => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  for (const word of ["first", "second", "third"]) {
    await using connection = await worker.connect();
    assert.equal((await connection.run(word)).terminal.result, `echo: ${word}`);
  }
});

Deno.test("reusable worker exits 0 when nobody connects for idle_timeout_secs", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, { limits: { idle_timeout_secs: 1 } });
  await using worker = await WorkerProcess.start({ ground, spec });
  {
    await using connection = await worker.connect();
    const sleeping = await connection.run("__sleep_ms:1300 longer than the limit");
    assert.equal(sleeping.terminal.status, "completed");
  }
  const left = performance.now();
  const { code } = await worker.process.exit();
  const idleMs = performance.now() - left;
  assert.equal(code, 0);
  assert.ok(idleMs > 800 && idleMs < 4000, `idle for ${idleMs} ms`);
  assertNothingLeft(ground);
});

Deno.test("worker ends its run with a terminal frame, withdraws and exits 0 when it gets SIGTERM", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [calling(["Sleep", { seconds: 300 }])]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "sleep" });
  await connection.nextEvent("tool_start");
  const asked = performance.now();
  worker.process.kill("SIGTERM");
  assert.equal((await connection.nextKind("terminal")).status, "cancelled");
  const { code } = await worker.process.exit();
  assert.equal(code, 0);
  assert.ok(performance.now() - asked < 3000, "took more than 3 s to leave");
  assertNothingLeft(ground);
});

for (const state of ["while idle", "while a run is open"]) {
  Deno.test(`worker exits within 3 s and withdraws, ${state}, when its parent is gone`, async () => {
    using ground = new Playground();
    const spec = echoSpec(ground);
    const { shell, record } = await startUnderShell(ground, JSON.stringify(spec));
    await using stack = new AsyncDisposableStack();
    if (state === "while a run is open") {
      const connection = stack.use(await WorkerConnection.open(String(record.endpoint)));
      connection.send({ kind: "run", assignment: "__sleep_ms:600000 never" });
    }
    const lost = performance.now();
    shell.kill("SIGKILL");
    await shell.status;
    const path = recordPath(ground, spec);
    await until(() => existsSync(path) ? undefined : true, { what: "withdrawal", ms: 6000 });
    await until(() => isAlive(Number(record.pid)) ? undefined : true, { what: "exit", ms: 6000 });
    assert.ok(performance.now() - lost < 3000, "took more than 3 s to leave");
    assertNothingLeft(ground);
  });
}

/** A worker whose parent is a shell that stays until it is killed. */
async function startUnderShell(ground: Playground, specText: string) {
  const input = join(ground.root, "spec.json");
  writeFileSync(input, specText);
  const shell = new Deno.Command("/bin/sh", {
    args: ["-c", `"$0" worker < "$1" & wait`, SHEATH, input],
    clearEnv: true,
    env: ground.variables,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const record = await until(() => {
    try {
      const value: unknown = JSON.parse(readFileSync(join(ground.fabric, "c-1.json"), "utf8"));
      return isObject(value) ? value : undefined;
    } catch {
      return undefined; // not there yet
    }
  }, { what: "record" });
  return { shell, record };
}
