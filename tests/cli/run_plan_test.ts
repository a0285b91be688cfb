import { strict as assert } from "node:assert";
import type { CliEnvironment } from "../../src/cli/environment.ts";
import { type Plan, planRun } from "../../src/cli/run_plan.ts";
import type { SpecFlags } from "../../src/cli/run_spec.ts";
import { Playground } from "../support/playground.ts";

const NO_FLAGS: SpecFlags = { read: [], write: [], ask: false, echo: false };

function plan(
  ground: Playground,
  { flags = {}, environment = {}, demo = false }: {
    flags?: Partial<SpecFlags>;
    environment?: Partial<CliEnvironment>;
    demo?: boolean;
  },
): Promise<Plan> {
  return planRun({ ...NO_FLAGS, ...flags }, {
    id: "run-1",
    fallbackState: "/fallback",
    ...(demo ? { makeDemoFolder: () => "/made" } : {}),
    environment: {
      home: ground.home,
      tmp: ground.tmp,
      path: undefined,
      stateHome: ground.state,
      runtimeDir: ground.runtime,
      keys: { openai: undefined, anthropic: undefined, gemini: undefined },
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
