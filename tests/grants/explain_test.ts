import { strict as assert } from "node:assert";
import { explain, type Explanation, explanationText } from "../../src/grants/explain.ts";
import type { Grants } from "../../src/grants/grants.ts";
import { webGrant } from "../../src/grants/web_grant.ts";
import { decodeSpec } from "../../src/protocol/spec.ts";
import type { ProvisionSpec } from "../../src/protocol/spec.ts";

const SECRET = "sk-very-secret";

function specWith(fields: Readonly<Record<string, unknown>> = {}): ProvisionSpec {
  return decodeSpec(JSON.stringify({
    version: 1,
    identity: { child_id: "run-1" },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: "/f",
    model: { provider: "openai", model: "m" },
    secrets: { provider_credentials: [{ provider: "openai", api_key: SECRET }] },
    ...fields,
  }));
}

const GRANTS: Grants = {
  level: "deno",
  missing: ["no kernel layers here"],
  holdsSignals: true,
  places: {
    fabricDir: "/f",
    storageDir: "/s",
    workspace: "/w",
    read: ["/usr/share/doc"],
    write: ["/out"],
    skills: ["/skills"],
  },
  routes: [{
    id: "provider",
    purpose: "provider",
    origin: "https://api.example",
    pathPrefix: "/v1",
    methods: ["POST"],
    protocol: "openai",
    credential: 0,
  }],
  web: { type: "hosts", hosts: [] },
  disabledTools: ["Write"],
  commands: { type: "refused", why: "not at this level" },
  skills: { trustsWorkspace: false, mode: undefined, disabled: [], selected: undefined },
  approvals: { enforced: false, bypassed: false, mode: "default", threshold: "low" },
  limits: {
    maxRounds: 200,
    runTimeoutMs: undefined,
    commands: {
      memoryBytes: 2 ** 31,
      processes: 512,
      cpuSecs: undefined,
      fileBytes: 2 ** 28,
      outputBytes: 2 ** 19,
      tmpBytes: 2 ** 30,
    },
  },
  budget: {
    totalTokens: undefined,
    costUsd: undefined,
    toolCalls: undefined,
    subagents: undefined,
    wallMs: undefined,
  },
  prices: {},
};

const TOOLS = { offered: ["Edit", "Read"], disabled: ["Write"] };

function explained(spec = specWith(), grants = GRANTS): Explanation {
  return explain({ spec, grants, program: "/opt/sheath", tools: TOOLS });
}

Deno.test("explanationText() tells who may touch what", () => {
  assert.equal(
    explanationText(explained()),
    `agent      run-1
runs       bamboo_runtime on openai:m
level      deno
           no stronger one: no kernel layers here
workspace  /w
storage    /s
records    /f

warden: trusted; hears no model
  network    the one socket its host connects to
  read       what this user may
  write      what this user may
  run        none
  env        none
  secrets    none

gateway: holds the keys; hears no model
  network    api.example:443
  read       none
  write      none
  run        none
  env        none
  secrets    the key of openai

agent: hears the model; holds nothing
  network    none
  read       /s
  write      /s
  run        none
  env        none
  secrets    none

hands: does what tools do to files
  network    none
  read       /w
             /out
             /usr/share/doc
             /skills
  write      /w
             /out
  run        none
  env        none
  secrets    none

routes     provider: POST https://api.example/v1/… with the key of openai
web        none
tools      Edit, Read
disabled   Write
skills     /skills
           none of the workspace: capabilities.sandbox.trust_workspace is false
commands   refused: not at this level
limits     200 rounds, no time limit
budget     none
approvals  none asked: the cage is the boundary
`,
  );
});

Deno.test("explain() tells what of the web may be fetched, and by whom", async (t) => {
  const cases: readonly (readonly [hosts: readonly string[], web: string[], network: string[]])[] =
    [
      [[], [], ["api.example:443"]],
      [
        ["a.example:443", "127.0.0.1:8080"],
        ["a.example:443", "127.0.0.1:8080"],
        ["api.example:443", "a.example", "0.0.0.0/0:443", "127.0.0.1:8080"],
      ],
      [["public"], ["any host with global addresses only, at port 80 or 443"], ["any host"]],
    ];
  for (const [hosts, web, network] of cases) {
    await t.step(hosts.join(), () => {
      const told = explained(specWith(), { ...GRANTS, web: webGrant(hosts) });
      const gateway = told.compartments.find(({ name }) => name === "gateway");
      assert.deepEqual([told.web, gateway?.network], [web, network]);
    });
  }
});

Deno.test("explain() holds no secret", () => {
  const explanation = explained();
  assert.ok(!JSON.stringify(explanation).includes(SECRET));
  assert.ok(!explanationText(explanation).includes(SECRET));
});

Deno.test("explain() tells of an echo that it starts nothing and calls no tool", () => {
  const spec = specWith({ executor: { kind: "echo" } });
  const { compartments, model, tools } = explained(spec, { ...GRANTS, routes: [] });
  assert.deepEqual(compartments.map(({ name }) => name), ["warden"]);
  assert.deepEqual([model, tools], [null, { offered: [], disabled: [] }]);
});

Deno.test("explain() gives the gateway exactly the keys its routes carry", async (t) => {
  const cases = [
    ["a key", SECRET, ["the key of openai"], "openai"],
    ["a server without a key", " ", [], null],
  ] as const;
  for (const [name, api_key, secrets, keyOf] of cases) {
    await t.step(name, () => {
      const credential = { provider: "openai", api_key };
      const spec = specWith({ secrets: { provider_credentials: [credential] } });
      const { compartments, routes } = explained(spec);
      const holders = compartments.map((access) => [access.name, access.secrets]);
      assert.deepEqual(holders, [
        ["warden", []],
        ["gateway", secrets],
        ["agent", []],
        ["hands", []],
      ]);
      assert.equal(routes[0]?.key_of, keyOf);
    });
  }
});

Deno.test("explain() tells limits and approvals", async (t) => {
  const cases = [
    [{ enforced: true, bypassed: false }, "each gated call asks the host"],
    [{ enforced: true, bypassed: true }, "asked only where they are forced"],
    [{ enforced: false, bypassed: true }, "none asked: the cage is the boundary"],
  ] as const;
  for (const [approvals, expected] of cases) {
    await t.step(expected, () => {
      const limits = { ...GRANTS.limits, maxRounds: 3, runTimeoutMs: 90_000 };
      const explanation = explained(specWith(), {
        ...GRANTS,
        approvals: { ...GRANTS.approvals, ...approvals },
        limits,
      });
      assert.equal(explanation.approvals, expected);
      assert.deepEqual(explanation.limits, { max_rounds: 3, run_timeout_secs: 90 });
      assert.match(explanationText(explanation), /^limits {5}3 rounds, 90 s a run$/m);
    });
  }
});

Deno.test("explain() tells the budget", () => {
  const budget = { totalTokens: 100_000, costUsd: 0.5, toolCalls: 0, subagents: 3, wallMs: 90_000 };
  const explanation = explained(specWith(), { ...GRANTS, budget });
  assert.deepEqual(explanation.budget, {
    total_tokens: 100_000,
    cost_usd: 0.5,
    tool_calls: 0,
    subagents: 3,
    wall_secs: 90,
  });
  assert.match(
    explanationText(explanation),
    /^budget {5}100,000 tokens, \$0\.50, 0 tool calls, 3 sub-agents, 90 s$/m,
  );
});
