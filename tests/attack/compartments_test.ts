// Lesson: a thread that was taken over reaches only what its compartment was granted. Probes run inside
// the real threads of the real program, built from the same sources with other entry files.
import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Level } from "../../src/grants/level.ts";
import { isAtLeast, LEVELS } from "../../src/grants/level.ts";
import { until } from "../support/deadline.ts";
import { type ModelServer, serveModel, textAnswer } from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { probeBuild } from "../support/probe_build.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import { SheathProcess } from "../support/sheath_process.ts";
import { isObject } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";
import { ATTEMPTS } from "./probe/attempts.ts";
import { LET } from "./probe/probe.ts";
import type { Orders, Targets } from "./probe/targets.ts";

/** What each compartment may do of its own; every other own action must be refused. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  agent: ["read storage", "write storage"],
  gateway: ["fetch the provider"],
  hands: ["read workspace", "write workspace"],
};
const OWN_ACTIONS = [
  ...["workspace", "storage", "fabric"].flatMap((place) => [`read ${place}`, `write ${place}`]),
  "fetch the provider",
];

/**
 * What the kernel alone lets: what a file is like (Landlock does not see it); what lets nothing that the
 * thread itself has not (the kernel binds the threads it makes as well); and system programs in hands.
 */
const OPEN_TO_THE_KERNEL: Readonly<Record<string, readonly string[]>> = {
  agent: [
    "Deno.statSync",
    "Deno.chmodSync",
    "a thread that may read",
    "a thread that may use the network",
    "a thread that may start programs",
    "asking for more",
  ],
  hands: [
    "Deno.Command",
    "node:child_process",
    "Deno.statSync",
    "Deno.chmodSync",
    "a thread that may read",
    "a thread that may use the network",
    "a thread that may start programs",
    "asking for more",
  ],
};

type Attempts = Readonly<Record<string, unknown>>;

Deno.test("a probe in the threads that hear the model is refused by the kernel alone", async (t) => {
  using ground = new Playground();
  await using scene = setScene(ground);
  await using provider = serveModel(() => textAnswer("granted"));
  const targets = targetsOf(ground, scene, provider);
  const program = await probeBuild("kernel-only");
  const { level, reports } = await probeCaged({ ground, provider, targets, program });
  if (level === "deno") return; // README.md: not run on such a machine

  for (const [compartment, open] of Object.entries(OPEN_TO_THE_KERNEL)) {
    const attempts = reports[compartment] ?? {};
    await t.step(
      `${compartment} is let do what is its own, and nothing else of the worker's`,
      () => {
        const let_ = OWN_ACTIONS.filter((action) => attempts[action] === LET);
        assert.deepEqual(let_, OWN[compartment]);
      },
    );
    await t.step(`${compartment} is let nothing but what the kernel does not see`, () => {
      const let_ = Object.keys(ATTEMPTS).filter((what) => attempts[what] === LET);
      assert.deepEqual(let_, open);
    });
  }
});

Deno.test("a probe in each thread is refused all that the same probe in an open thread does", async (t) => {
  using ground = new Playground();
  await using scene = setScene(ground);
  await using provider = serveModel(() => textAnswer("granted"));
  const targets = targetsOf(ground, scene, provider);

  const caged = await probeCaged({ ground, provider, targets, program: await probeBuild() });
  const contactsOfCaged = scene.contacts();
  const open = await probeOpen(ground, targets);

  await t.step("control: the open thread does every one of them", () => {
    // The listener is no WebSocket server: there being reached is what counts.
    const { WebSocket: _reached, ...attempts } = ATTEMPTS;
    const refused = Object.keys(attempts).filter((what) => open[what] !== LET);
    assert.deepEqual(refused.map((what) => [what, open[what]]), []);
    assert.ok(scene.contacts() - contactsOfCaged >= 6);
  });
  await t.step("no caged thread reached the listener", () => assert.equal(contactsOfCaged, 0));

  for (const [compartment, attempts] of Object.entries(caged.reports)) {
    await t.step(
      `${compartment} is let do what is its own, and nothing else of the worker's`,
      () => {
        const let_ = OWN_ACTIONS.filter((action) => attempts[action] === LET);
        assert.deepEqual(let_, OWN[compartment]);
      },
    );
    for (const [what, { needs = "deno" }] of Object.entries(ATTEMPTS)) {
      if (!isAtLeast(caged.level, needs)) continue; // README.md lists what needs a higher level
      await t.step(`${compartment} is refused ${what}`, () => {
        assert.notEqual(attempts[what] ?? LET, LET);
      });
    }
  }
});

type Scene = AsyncDisposable & {
  readonly listener: number;
  readonly socket: string;
  readonly decoyPid: number;
  readonly contacts: () => number;
};

/** A listener that counts, on TCP and on a unix socket, and a process with a secret. */
function setScene(ground: Playground): Scene {
  mkdirSync(join(ground.root, "outside"));
  writeFileSync(join(ground.root, "outside", "secret.txt"), "canary");
  let contacts = 0;
  const answer = async (connection: Deno.Conn) => {
    using _closed = connection;
    contacts++;
    await connection.read(new Uint8Array(1024));
    await connection.write(new TextEncoder().encode(MODULE));
  };
  const socket = join(ground.root, "outside", "socket");
  const listeners = [
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    Deno.listen({ transport: "unix", path: socket }),
  ];
  for (const listener of listeners) acceptAll(listener, answer);
  const decoy = new Deno.Command("/bin/sleep", {
    args: ["600"],
    clearEnv: true,
    env: { DECOY_SECRET: "canary" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const address = listeners[0]?.addr;
  return {
    listener: address?.transport === "tcp" ? address.port : 0,
    socket,
    decoyPid: decoy.pid,
    contacts: () => contacts,
    async [Symbol.asyncDispose]() {
      for (const listener of listeners) listener.close();
      decoy.kill("SIGKILL");
      await decoy.status;
    },
  };
}

/** Whatever is asked. */
const MODULE = [
  "HTTP/1.1 200 OK",
  "content-type: text/javascript",
  "content-length: 0",
  "connection: close",
  "",
  "",
].join("\r\n");

async function acceptAll(
  listener: Deno.Listener,
  take: (connection: Deno.Conn) => Promise<void>,
): Promise<void> {
  for await (const connection of listener) {
    await take(connection).catch(() => {/* it did not wait for the answer */});
  }
}

function targetsOf(ground: Playground, scene: Scene, provider: ModelServer): Targets {
  const { listener, socket, decoyPid } = scene;
  const marker = "globalThis.marker = 1; export default 1;";
  const address = (name: string, text: string) => {
    const path = join(ground.root, "outside", name);
    writeFileSync(path, text);
    return pathToFileURL(path).href;
  };
  return {
    listener,
    socket,
    decoyPid,
    home: ground.home,
    outside: join(ground.root, "outside"),
    secret: join(ground.root, "outside", "secret.txt"),
    modules: {
      js: address("module.js", marker),
      ts: address("module.ts", marker),
      json: address("module.json", "{}"),
    },
    own: { workspace: ground.workspace, storage: ground.storage, fabric: ground.fabric },
    provider: `${provider.baseUrl}/models`,
  };
}

type Caged = { readonly level: Level; readonly reports: Readonly<Record<string, Attempts>> };

async function probeCaged({ ground, provider, targets, program }: {
  readonly ground: Playground;
  readonly provider: ModelServer;
  readonly targets: Targets;
  readonly program: string;
}): Promise<Caged> {
  await using worker = await WorkerProcess.start({
    ground,
    spec: modelSpec(ground, provider),
    program,
    args: [ordersFor(targets)],
  });
  const reports = await until(() => {
    const found = reportsIn(worker.process.stdout);
    return Object.keys(found).length === 3 ? found : undefined;
  }, { what: "three reports" });
  return { level: levelIn(worker.record), reports };
}

function ordersFor(targets: Targets): string {
  const orders: Orders = { type: "probe", targets };
  return JSON.stringify(orders);
}

function levelIn({ labels }: WorkerProcess["record"]): Level {
  const level = LEVELS.find((one) => Array.isArray(labels) && labels.includes(`sandbox=${one}`));
  assert.ok(level, "no level in the record");
  return level;
}

async function probeOpen(ground: Playground, targets: Targets): Promise<Attempts> {
  // The fabric of a worker that is gone is gone as well.
  mkdirSync(ground.fabric, { recursive: true });
  await using process = new SheathProcess(
    [
      "run",
      "-A",
      "--no-config",
      "--unstable-worker-options",
      "tests/attack/probe/open.ts",
      ordersFor(targets),
    ],
    {
      program: Deno.execPath(),
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
      input: "a line of the parent",
      variables: { ...ground.variables, DENO_TLS_CA_STORE: "system" },
    },
  );
  const { code, stdout, stderr } = await process.exit();
  assert.equal(code, 0, stderr);
  return reportsIn(stdout)["open"] ?? {};
}

function reportsIn(stdout: string): Readonly<Record<string, Attempts>> {
  const lines = stdout.split("\n").filter((line) => line.startsWith('{"probe"'));
  return Object.fromEntries(lines.flatMap((line): [string, Attempts][] => {
    const report: unknown = JSON.parse(line);
    if (!isObject(report) || !isObject(report.attempts)) return [];
    return [[String(report.probe), report.attempts]];
  }));
}
