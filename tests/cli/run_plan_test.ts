import { strict as assert } from "node:assert";
import { type Config, parseConfig } from "../../src/cli/config_text.ts";
import type { CliEnvironment } from "../../src/cli/environment.ts";
import { type Plan, planRun } from "../../src/cli/run_plan.ts";
import type { SpecFlags } from "../../src/cli/run_spec.ts";
import { Playground } from "../support/playground.ts";

const NO_FLAGS: SpecFlags = { read: [], write: [], echo: false };

function plan(
  ground: Playground,
  { flags = {}, environment = {}, config, demo = false }: {
    flags?: Partial<SpecFlags>;
    environment?: Partial<CliEnvironment>;
    config?: Config;
    demo?: boolean;
  },
): Promise<Plan> {
  return planRun({ ...NO_FLAGS, ...flags }, {
    id: "run-1",
    config,
    fallbackState: "/fallback",
    ...(demo ? { makeDemoFolder: () => "/made" } : {}),
    environment: {
      home: ground.home,
      tmp: ground.tmp,
      path: undefined,
      stateHome: ground.state,
      runtimeDir: ground.runtime,
      keys: { openai: undefined, anthropic: undefined, gemini: undefined },
      configHome: undefined,
      fabric: undefined,
      hasColors: false,
      workerVariables: {},
      ...environment,
    },
  });
}

Deno.test("planRun() puts records and storage where the variables say", async (t) => {
  using ground = new Playground();
  const { state, runtime } = ground;
  const cases = [
    ["all", {}, `${runtime}/sheath/agents`, `${state}/sheath/runs/run-1`],
    [
      "no runtime folder",
      { runtimeDir: undefined },
      `${state}/sheath/agents`,
      `${state}/sheath/runs/run-1`,
    ],
    ["SHEATH_FABRIC", { fabric: "/f" }, "/f", `${state}/sheath/runs/run-1`],
    [
      "no home",
      { stateHome: undefined, runtimeDir: undefined },
      "/fallback/sheath/agents",
      "/fallback/sheath/runs/run-1",
    ],
  ] as const;
  for (const [name, environment, fabric, storage] of cases) {
    await t.step(name, async () => {
      const { spec } = await plan(ground, { flags: { echo: true }, environment });
      assert.deepEqual([spec.fabric_dir, spec.storage_dir], [fabric, storage]);
    });
  }
});

Deno.test("planRun() makes the demo's folder only for a run", async () => {
  using ground = new Playground();
  assert.equal((await plan(ground, { demo: true })).spec.workspace, "/made");
  assert.equal((await plan(ground, {})).spec.workspace, undefined);
});

Deno.test("planRun() reads spec and script", async () => {
  using ground = new Playground();
  const script = ground.write("script.yaml", "turns:\n  - text: hi\n");
  const spec = ground.write(
    "spec.json",
    JSON.stringify({
      version: 1,
      identity: { child_id: "c-7" },
      executor: { kind: "echo" },
      fabric_dir: "/f",
    }),
  );
  const planned = await plan(ground, { flags: { script, spec } });
  assert.deepEqual(planned.spec.capabilities.script, { turns: [{ text: "hi" }] });
  assert.deepEqual([planned.spec.identity.child_id, planned.spec.fabric_dir], ["c-7", "/f"]);
});

Deno.test("planRun() names the file that is wrong", async (t) => {
  using ground = new Playground();
  const spec = ground.write("bad.json", '{"version":1}');
  const cases = [
    [{ spec: "/nowhere/spec.json" }, /^Cannot read "\/nowhere\/spec.json": no such file$/],
    [{ script: ground.workspace }, /^Cannot read ".*workspace": Is a directory/],
    [{ spec }, /^--spec: identity: missing/],
  ] as const;
  for (const [flags, message] of cases) {
    await t.step(JSON.stringify(flags), async () => {
      await assert.rejects(plan(ground, { flags }), { fault: "bad_input", message });
    });
  }
});

Deno.test("planRun() refuses a workspace that holds the configuration, there or not", async () => {
  using ground = new Playground();
  const usual = plan(ground, {
    flags: { script: ground.write("s.yaml", "turns: []"), workspace: ground.home },
    environment: { configHome: `${ground.home}/.config` },
  });
  await assert.rejects(usual, {
    fault: "bad_input",
    message: /^tools may not change ".*home": the configuration ".*\.config\/sheath\/config\.yaml"/,
  });
  const path = ground.path("config.yaml");
  const config = parseConfig(new TextEncoder().encode("ask: true"), { path, home: undefined });
  const flags = { script: ground.path("s.yaml"), workspace: ground.workspace };
  await assert.rejects(plan(ground, { flags, config }), {
    message: /"[^"]*config\.yaml" is in it/,
  });
});

Deno.test("planRun() takes a provider from the configuration and leaves its key open", async () => {
  using ground = new Playground();
  const text = "providers: { work: { base_url: 'http://w/v1', key_command: pass w } }";
  const options = { path: "/c/config.yaml", home: undefined };
  const config = parseConfig(new TextEncoder().encode(text), options);
  const flags = { model: "work:m", workspace: ground.workspace };
  const { spec, engine } = await plan(ground, { flags, config });
  assert.ok(engine.type === "model" && engine.needsKey);
  assert.deepEqual(spec.secrets.provider_credentials, [
    { provider: "work", api_key: "", base_url: "http://w/v1", provider_type: "openai" },
  ]);
});
