import { strict as assert } from "node:assert";
import {
  type SpecFacts,
  type SpecFlags,
  specFor,
  withKey,
  withToken,
} from "../../src/cli/run_spec.ts";
import { decodeSpec } from "../../src/protocol/spec.ts";
import { encodeSpec } from "../../src/protocol/encode.ts";

const NO_FLAGS: SpecFlags = { read: [], write: [], echo: false };
const FACTS: SpecFacts = {
  engine: {
    type: "model",
    model: { provider: "openai", model: "m" },
    credential: { provider: "openai", api_key: "sk-1" },
  },
  os: "darwin",
  cwd: "/home/u/app",
  id: "run-0a1b2c3d",
  fabricDir: "/run/u/sheath/agents",
  runsDir: "/home/u/.local/state/sheath/runs",
};

/** What a worker reads of it. */
function read(flags: Partial<SpecFlags>, facts: Partial<SpecFacts> = {}): unknown {
  return decodeSpec(encodeSpec(specFor({ ...NO_FLAGS, ...flags }, { ...FACTS, ...facts })));
}

const PLAIN = {
  version: 1,
  identity: { child_id: "run-0a1b2c3d", role: "worker", depth: 0 },
  executor: { kind: "bamboo_runtime" },
  fabric_dir: "/run/u/sheath/agents",
  storage_dir: "/home/u/.local/state/sheath/runs/run-0a1b2c3d",
  workspace: "/home/u/app",
  model: { provider: "openai", model: "m" },
  limits: {},
  secrets: { provider_credentials: [{ provider: "openai", api_key: "sk-1" }] },
  reusable: false,
  placement: { kind: "local" },
  capabilities: {
    enforce_permissions: false,
    nested_spawn: false,
    bypass: false,
    answer_pauses: true,
    sandbox: { read: [], write: [] },
  },
};

Deno.test("specFor() makes one run in the current folder", () => {
  assert.deepEqual(read({}), PLAIN);
});

Deno.test("specFor() takes every flag", () => {
  const flags = {
    workspace: "../site",
    role: "reviewer",
    read: ["../lib", "/usr/share/dict"],
    write: ["out"],
    maxRounds: 5,
    timeout: 60,
    require: "kernel",
    commands: "unconfined",
    fabric: "agents",
    ask: true,
  } as const;
  assert.deepEqual(read(flags), {
    ...PLAIN,
    identity: { ...PLAIN.identity, role: "reviewer" },
    fabric_dir: "/home/u/app/agents",
    workspace: "/home/u/site",
    limits: { max_rounds: 5, run_timeout_secs: 60 },
    capabilities: {
      ...PLAIN.capabilities,
      enforce_permissions: true,
      sandbox: {
        require: "kernel",
        commands: "unconfined",
        read: ["/home/u/lib", "/usr/share/dict"],
        write: ["/home/u/app/out"],
      },
    },
  });
});

Deno.test("specFor() puts in what the engine needs, and no more", async (t) => {
  const { model: _model, workspace: _workspace, ...echoed } = PLAIN;
  const none = { provider_credentials: [] };
  const script = { turns: [] };
  const cases = [
    ["echo", { type: "echo" }, { ...echoed, executor: { kind: "echo" }, secrets: none }],
    ["script", { type: "script", script }, {
      ...PLAIN,
      model: { provider: "scripted", model: "script" },
      secrets: none,
      capabilities: { ...PLAIN.capabilities, script },
    }],
    ["demo", { type: "demo" }, {
      ...PLAIN,
      workspace: "/tmp/demo",
      model: { provider: "scripted", model: "demo" },
      secrets: none,
    }],
  ] as const;
  for (const [name, engine, expected] of cases) {
    await t.step(name, () => {
      assert.deepEqual(read({}, { engine, demoFolder: "/tmp/demo" }), expected);
    });
  }
});

Deno.test("specFor() lays flags over a given spec and keeps the rest", () => {
  const given = {
    version: 1,
    identity: { child_id: "c-7", role: "fixer", depth: 2, parent_id: "p" },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: "/f",
    storage_dir: "/s",
    workspace: "/w",
    model: { provider: "x", model: "m" },
    disabled_tools: ["Write"],
    limits: { max_rounds: 3, idle_timeout_secs: 9 },
    secrets: {
      provider_credentials: [{ provider: "openai", api_key: "old" }, {
        provider: "x",
        api_key: "k",
      }],
    },
    reusable: true,
    placement: { kind: "local" },
    capabilities: {
      enforce_permissions: true,
      nested_spawn: false,
      bypass: false,
      sandbox: { require: "deno", read: ["/r"], hosts: ["h:1"] },
    },
  };
  const base = decodeSpec(JSON.stringify(given));
  assert.deepEqual(read({ maxRounds: 8, read: ["more"] }, { base }), {
    ...given,
    model: { provider: "openai", model: "m" },
    limits: { max_rounds: 8, idle_timeout_secs: 9 },
    secrets: {
      provider_credentials: [{ provider: "openai", api_key: "sk-1" }, {
        provider: "x",
        api_key: "k",
      }],
    },
    reusable: false,
    capabilities: {
      ...given.capabilities,
      answer_pauses: true,
      sandbox: { require: "deno", read: ["/r", "/home/u/app/more"], write: [], hosts: ["h:1"] },
    },
  });
  assert.deepEqual(read({}, { base, engine: { type: "given" } }), {
    ...given,
    reusable: false,
    capabilities: {
      ...given.capabilities,
      answer_pauses: true,
      sandbox: { require: "deno", read: ["/r"], write: [], hosts: ["h:1"] },
    },
  });
});

Deno.test("specFor() requires the kernel's cage on Linux unless another level is named", async (t) => {
  const specWith = (executor: string, sandbox: Readonly<Record<string, unknown>> = {}) =>
    decodeSpec(JSON.stringify({
      version: 1,
      identity: { child_id: "c-7" },
      executor: { kind: executor },
      fabric_dir: "/f",
      capabilities: { sandbox },
    }));
  const given = { type: "given" } as const;
  const cases = [
    ["Linux", {}, { os: "linux" }, "kernel"],
    ["elsewhere", {}, { os: "darwin" }, undefined],
    ["by flag", { require: "deno" }, { os: "linux" }, "deno"],
    ["a demo", {}, { os: "linux", engine: { type: "demo" } }, "kernel"],
    ["an echo", {}, { os: "linux", engine: { type: "echo" } }, undefined],
    [
      "a spec",
      {},
      { os: "linux", engine: given, base: specWith("bamboo_runtime") },
      "kernel",
    ],
    ["a spec that echoes", {}, { os: "linux", engine: given, base: specWith("echo") }, undefined],
    ["a spec that echoed", {}, { os: "linux", base: specWith("echo") }, "kernel"],
    [
      "by spec",
      {},
      { os: "linux", base: specWith("bamboo_runtime", { require: "namespace" }) },
      "namespace",
    ],
    [
      "flag over spec",
      { require: "deno" },
      { os: "linux", base: specWith("bamboo_runtime", { require: "namespace" }) },
      "deno",
    ],
  ] as const;
  for (const [name, flags, facts, expected] of cases) {
    await t.step(name, () => {
      const spec = specFor({ ...NO_FLAGS, ...flags }, { ...FACTS, ...facts });
      assert.equal(spec.capabilities.sandbox?.require, expected);
    });
  }
});

Deno.test("specFor() takes --commands, and leaves a spec's own without it", () => {
  const base = decodeSpec(JSON.stringify({
    version: 1,
    identity: { child_id: "c-7" },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: "/f",
    capabilities: { sandbox: { commands: false } },
  }));
  const commands = (flag?: "on" | "off" | "unconfined") => {
    const flags = flag === undefined ? NO_FLAGS : { ...NO_FLAGS, commands: flag };
    return specFor(flags, { ...FACTS, base }).capabilities.sandbox?.commands;
  };
  assert.deepEqual(
    [commands(), commands("on"), commands("off"), commands("unconfined")],
    [false, true, false, "unconfined"],
  );
});

Deno.test("specFor() lays the flags of a budget over the spec's own", () => {
  const budgetFor = (flags: Partial<SpecFlags>, base?: SpecFacts["base"]) =>
    specFor({ ...NO_FLAGS, ...flags }, { ...FACTS, base }).capabilities.budget;
  const flags = { maxTokens: 5_000, maxCost: 0.5, maxToolCalls: 7, maxSeconds: 60 };
  const all = { total_tokens: 5_000, cost_usd: 0.5, tool_calls: 7, wall_secs: 60 };
  assert.deepEqual(budgetFor(flags), all);
  assert.equal(budgetFor({}), undefined);
  const base = specFor({ ...NO_FLAGS, ...flags }, FACTS);
  assert.deepEqual(budgetFor({ maxTokens: 9 }, base), { ...all, total_tokens: 9 });
  assert.deepEqual(budgetFor({}, base), all);
});

Deno.test("specFor() takes hosts, the model's limits and prices", () => {
  const prices = { m: { input: 1, output: 2 } };
  const flags = { host: ["h:1", "i:2"], context: 9000, maxOutput: 500, prices };
  const { sandbox, model_limits, ...others } =
    specFor({ ...NO_FLAGS, ...flags }, FACTS).capabilities;
  assert.deepEqual(sandbox, { hosts: ["h:1", "i:2"], read: [], write: [] });
  assert.deepEqual(model_limits, { context_tokens: 9000, output_tokens: 500 });
  assert.deepEqual(others.prices, prices);
});

Deno.test("specFor() lays hosts and the model's limits over the spec's own", () => {
  const base = specFor({ ...NO_FLAGS, host: ["h:1"], context: 9000, maxOutput: 500 }, FACTS);
  const laid = specFor({ ...NO_FLAGS, host: ["public"], context: 8000 }, { ...FACTS, base });
  assert.deepEqual(laid.capabilities.sandbox?.hosts, ["public"]);
  assert.deepEqual(laid.capabilities.model_limits, { context_tokens: 8000, output_tokens: 500 });
  const kept = specFor({ ...NO_FLAGS, host: [] }, { ...FACTS, base });
  assert.deepEqual(kept.capabilities, base.capabilities);
});

Deno.test("specFor() asks when a flag says so, and does not when it says not", () => {
  const enforced = (ask: boolean | undefined, base?: SpecFacts["base"]) =>
    specFor({ ...NO_FLAGS, ask }, { ...FACTS, base }).capabilities.enforce_permissions;
  const base = specFor({ ...NO_FLAGS, ask: true }, FACTS);
  const all = [enforced(undefined), enforced(true), enforced(undefined, base)];
  assert.deepEqual([...all, enforced(false, base)], [false, true, true, false]);
});

Deno.test("withKey() puts the key into the credential of the model's provider alone", () => {
  const spec = specFor(NO_FLAGS, {
    ...FACTS,
    base: decodeSpec(JSON.stringify({
      version: 1,
      identity: { child_id: "c-7" },
      executor: { kind: "bamboo_runtime" },
      fabric_dir: "/f",
      secrets: { provider_credentials: [{ provider: "x", api_key: "k" }], worker_auth_token: "t" },
    })),
  });
  assert.deepEqual(withKey(spec, "new").secrets, {
    provider_credentials: [{ provider: "openai", api_key: "new" }, { provider: "x", api_key: "k" }],
    worker_auth_token: "t",
  });
});

Deno.test("specFor() lets nothing change before a plan is approved, where that is wanted", () => {
  const planning = { ...PLAIN.capabilities, permission_mode: "plan" };
  assert.deepEqual(read({ plan: true }), { ...PLAIN, capabilities: planning });
});

Deno.test("withToken() changes nothing but the token", () => {
  const spec = specFor(NO_FLAGS, FACTS);
  const secrets = { ...spec.secrets, worker_auth_token: "t" };
  assert.deepEqual(withToken(spec, "t"), { ...spec, secrets });
});
