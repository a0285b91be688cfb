// The commands beside run and worker: help, version, explain, agents.
import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { levelHere } from "../support/level.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import { echoSpec, modelSpec, scriptedSpec } from "../support/scripted_spec.ts";
import { type Exit, runSheath } from "../support/sheath_process.ts";
import { isObject } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

async function sheath(ground: Playground, args: readonly string[], input = ""): Promise<Exit> {
  return await runSheath(args, { variables: ground.variables, cwd: ground.workspace, input });
}

Deno.test("sheath --version prints the version alone", async () => {
  using ground = new Playground();
  const { code, stdout, stderr } = await sheath(ground, ["--version"]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

Deno.test("sheath --help of each command shows its use and an example, on stdout", async (t) => {
  using ground = new Playground();
  for (const command of [[], ["run"], ["worker"], ["subagent-worker"], ["explain"], ["agents"]]) {
    await t.step(command.join(" ") || "sheath", async () => {
      const { code, stdout, stderr } = await sheath(ground, [...command, "--help"]);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.match(stdout, /^Usage: sheath/);
      assert.match(stdout, /Examples?:\n/);
      assert.match(stdout, /--help/);
    });
  }
});

Deno.test("sheath exits 2 with one line for a command line it does not understand", async (t) => {
  using ground = new Playground();
  const wrong = {
    "an unknown command": { args: ["fly"], says: /fly/ },
    "an unknown flag": { args: ["--yolo"], says: /--yolo/ },
    "a flag one letter off": { args: ["run", "--jsn", "x"], says: /--json/ },
    "an unknown flag of explain": { args: ["explain", "--yolo"], says: /--yolo/ },
    "an unknown flag of agents": { args: ["agents", "--yolo"], says: /--yolo/ },
    "an unknown flag of worker": { args: ["worker", "--yolo"], says: /--socket/ },
    "a socket without a path": { args: ["worker", "--socket"], says: /--socket/ },
    "an unknown level": {
      args: ["run", "--require", "iron", "x"],
      says: /deno.*kernel.*namespace/,
    },
    "an unknown rule": { args: ["run", "--approve", "maybe", "x"], says: /never.*edits.*all/ },
  };
  for (const [name, { args, says }] of Object.entries(wrong)) {
    await t.step(name, async () => {
      const { code, stdout, stderr } = await sheath(ground, args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
      assert.match(stderr, /^sheath[^\n]*\n$/);
      assert.match(stderr, says);
    });
  }
});

Deno.test("explain() tells what a spec grants, and makes and starts nothing", async () => {
  using ground = new Playground();
  const apiKey = "sk-explained-1234";
  const spec = modelSpec(ground, { baseUrl: "http://127.0.0.1:11434/v1", apiKey }, {
    disabled_tools: ["Write"],
    capabilities: { sandbox: { read: [ground.home] } },
  });
  const path = join(ground.root, "spec.json");
  writeFileSync(path, JSON.stringify(spec));
  const before = filesUnder(ground.root);
  const { code, stdout, stderr } = await sheath(ground, ["explain", path]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  for (
    const told of [ground.workspace, ground.home, "http://127.0.0.1:11434", levelHere(), "Write"]
  ) {
    assert.ok(stdout.includes(told), `${told} is not in:\n${stdout}`);
  }
  assert.ok(!stdout.includes(apiKey), "shows the key");
  assert.deepEqual(filesUnder(ground.root), before);
});

Deno.test("explain() --json prints one document with level and folders", async () => {
  using ground = new Playground();
  const input = JSON.stringify(scriptedSpec(ground, [{ text: "x" }]));
  const { code, stdout, stderr } = await sheath(ground, ["explain", "-", "--json"], input);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const explanation: unknown = JSON.parse(stdout);
  assert.ok(isObject(explanation));
  assert.equal(explanation.level, levelHere());
  assert.ok(JSON.stringify(explanation).includes(JSON.stringify(ground.workspace)));
});

Deno.test("explain() without a spec explains what run would use", async () => {
  using ground = new Playground();
  const args = ["explain", "--model", "ollama:m", "--base-url", "http://127.0.0.1:1/v1"];
  const { code, stdout, stderr } = await sheath(ground, args);
  assert.equal(code, 0, stderr);
  assert.ok(stdout.includes(ground.workspace));
  assert.deepEqual(filesUnder(ground.root), []);
});

Deno.test("explain() exits as a worker would for a spec that cannot be served", async (t) => {
  using ground = new Playground();
  const wrong = {
    "2 for no JSON": { code: 2, input: "{", says: /JSON line 1/ },
    "2 for a wrong field": {
      code: 2,
      input: JSON.stringify(echoSpec(ground, { identity: { child_id: "../x" } })),
      says: /identity\.child_id/,
    },
  };
  for (const [name, { code, input, says }] of Object.entries(wrong)) {
    await t.step(name, async () => {
      const exit = await sheath(ground, ["explain", "-"], input);
      assert.deepEqual({ code: exit.code, stdout: exit.stdout }, { code, stdout: "" });
      assert.match(exit.stderr, says);
    });
  }
});

Deno.test("agents() lists the live agents of a fabric, as a table or as their records", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, { identity: { child_id: "c-9", role: "tester" } });
  await using worker = await WorkerProcess.start({ ground, spec });
  const table = await sheath(ground, ["agents", "--fabric", ground.fabric]);
  assert.equal(table.code, 0, table.stderr);
  const [heading, row, ...more] = table.stdout.trimEnd().split("\n");
  assert.match(heading ?? "", /^AGENT +ROLE +PID/);
  assert.match(row ?? "", new RegExp(`^c-9 +tester +${worker.process.pid} +${levelHere()} `));
  assert.deepEqual(more, []);

  const json = await sheath(ground, ["agents", "--fabric", ground.fabric, "--json"]);
  assert.deepEqual(JSON.parse(json.stdout), [worker.record]);
});

Deno.test("agents() lists none without a fabric, and none that is dead", async () => {
  using ground = new Playground();
  const none = await sheath(ground, ["agents", "--json"]);
  assert.deepEqual({ code: none.code, stdout: none.stdout }, { code: 0, stdout: "[]\n" });
  mkdirSync(ground.fabric);
  const dead = {
    agent_id: "gone",
    role: "worker",
    labels: [],
    endpoint: "ws://127.0.0.1:1",
    pid: 1,
    version: "0.1.0",
    started_at: "2020-01-01T00:00:00Z",
    lease_expires_at: "2020-01-01T00:01:00Z",
  };
  writeFileSync(join(ground.fabric, "gone.json"), JSON.stringify(dead));
  const listed = await sheath(ground, ["agents", "--fabric", ground.fabric, "--json"]);
  assert.deepEqual({ code: listed.code, stdout: listed.stdout }, { code: 0, stdout: "[]\n" });
});
