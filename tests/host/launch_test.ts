import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/base/clock.ts";
import type { Fabric } from "../../src/fabric/fabric.ts";
import { WorkerProcess } from "../../src/host/launch.ts";
import { listenWebSocket } from "../../src/links/ws_server.ts";
import type { AgentRecord } from "../../src/protocol/record.ts";
import { Playground } from "../support/playground.ts";

const NEVER = new AbortController().signal;

type Launched = { readonly worker: WorkerProcess; readonly log: readonly string[] };

function launch(command: readonly [string, ...string[]], ground: Playground): Launched {
  const log: string[] = [];
  const worker = new WorkerProcess({
    command,
    variables: { PATH: "/usr/bin:/bin", ONLY: "this" },
    socketRoots: [ground.runtime],
    clock: systemClock,
    onLog: (line) => log.push(line),
  });
  return { worker, log };
}

function shell(script: string, ground: Playground): Launched {
  return launch(["/bin/sh", "-c", script, "sh"], ground);
}

Deno.test("WorkerProcess gives the spec, connects, and leaves nothing behind", async () => {
  using ground = new Playground();
  const program = fileURLToPath(new URL("./fake_worker.ts", import.meta.url));
  const { worker, log } = launch([Deno.execPath(), "run", "-A", "--no-config", program], ground);
  {
    await using _worker = worker;
    await worker.provide('{"version":1}');
    const connection = await worker.connect(NEVER);
    assert.equal(connection.type, "connected");
    if (connection.type !== "connected") return;
    await using link = connection.link;
    await link.send("ping");
    for await (const text of link.frames) {
      assert.equal(text, "ping");
      break;
    }
  }
  assert.equal(await worker.exited, 7);
  assert.deepEqual(log.filter((line) => line.startsWith("got")), [
    'got --socket and {"version":1}',
  ]);
  assert.deepEqual(readdirSync(ground.runtime), []);
});

Deno.test("connect() tells the exit code of a worker that ended first", async () => {
  using ground = new Playground();
  const { worker, log } = shell("cat >/dev/null; echo bad spec >&2; exit 2", ground);
  await using _worker = worker;
  await worker.provide("{}");
  assert.deepEqual(await worker.connect(NEVER), { type: "exited", code: 2 });
  assert.deepEqual(log, ["bad spec"]);
});

Deno.test("WorkerProcess gives exactly the named variables", async () => {
  using ground = new Playground();
  const { worker, log } = shell("env | cut -d= -f1 | sort >&2", ground);
  await using _worker = worker;
  await worker.provide("");
  await worker.exited;
  // The shell sets PWD and its like itself.
  const names = log.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name));
  assert.deepEqual(names, ["ONLY", "PATH"]);
});

Deno.test("connect() rejects with the abort reason, and disposing kills a worker that stays", async () => {
  using ground = new Playground();
  const { worker } = shell("exec sleep 60", ground);
  {
    await using _worker = worker;
    const reason = new Error("not wanted any more");
    await assert.rejects(worker.connect(AbortSignal.abort(reason)), reason);
    worker.kill();
  }
  assert.equal(await worker.exited, 137);
  assert.ok(existsSync(ground.runtime));
  assert.deepEqual(readdirSync(ground.runtime), []);
});

Deno.test("WorkerProcess takes the first folder that is short enough for a socket", async () => {
  using ground = new Playground();
  const long = `${ground.root}/${"x".repeat(90)}`;
  mkdirSync(long);
  const log: string[] = [];
  await using worker = new WorkerProcess({
    command: ["/bin/sh", "-c", 'echo "$2" >&2', "sh"],
    variables: {},
    socketRoots: [long, ground.runtime],
    clock: systemClock,
    onLog: (line) => log.push(line),
  });
  await worker.exited;
  assert.ok(log[0]?.startsWith(`${ground.runtime}/sheath-`), log[0] ?? "");
});

Deno.test("WorkerProcess without a socket is met where its own record says, with the token", async () => {
  const isAllowedPeer = () => true;
  await using listener = listenWebSocket({ clock: systemClock, token: "secret", isAllowedPeer });
  await using worker = new WorkerProcess({
    command: ["/bin/sh", "-c", "cat >/dev/null; exec sleep 60"],
    variables: { PATH: "/usr/bin:/bin" },
    socketRoots: undefined,
    clock: systemClock,
    onLog: () => {},
  });
  assert.equal(worker.hasSocket, false);
  await worker.provide("{}");
  const record: AgentRecord = {
    agent_id: "w-1",
    role: "",
    labels: [],
    endpoint: "ws://127.0.0.1:1", // nobody's
    pid: worker.pid + 1,
    version: "0",
    started_at: "2026-01-01T00:00:00Z",
    lease_expires_at: "2026-01-01T00:00:00Z",
  };
  const later = [undefined, record, { ...record, pid: worker.pid, endpoint: listener.endpoint }];
  const resolve = (id: string) =>
    Promise.resolve(id === "w-1" ? later.length > 1 ? later.shift() : later[0] : undefined);
  const fabric: Fabric = { ...UNUSED, resolve };
  const connection = await worker.connect(NEVER, { fabric, id: "w-1", token: "secret" });
  assert.equal(connection.type, "connected");
  if (connection.type === "connected") await connection.link.close();
  const door = { fabric, id: "w-1", token: "another" };
  await assert.rejects(worker.connect(NEVER, door), /401|worker answered/);
  worker.kill();
});

const UNUSED: Fabric = {
  publish: () => Promise.reject(new TypeError("publish")),
  renew: () => Promise.reject(new TypeError("renew")),
  resolve: () => Promise.reject(new TypeError("resolve")),
  discover: () => Promise.reject(new TypeError("discover")),
  withdraw: () => Promise.reject(new TypeError("withdraw")),
  gc: () => Promise.reject(new TypeError("gc")),
};
