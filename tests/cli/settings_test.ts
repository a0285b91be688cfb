import { strict as assert } from "node:assert";
import type { ConfigValues } from "../../src/cli/config_values.ts";
import { type Settings, withConfig } from "../../src/cli/settings.ts";

const NONE: Settings = { read: [], write: [], host: [], echo: false };

const VALUES: ConfigValues = {
  model: "work:m",
  limits: { max_rounds: 1, run_timeout_secs: 2, context_tokens: 8000, output_tokens: 4 },
  budget: { total_tokens: 5, cost_usd: 6, tool_calls: 7, wall_secs: 8 },
  prices: { m: { input: 1, output: 2 } },
  ask: true,
  approve: "edits",
  require: "namespace",
  commands: "off",
  skills: "/skills",
  read: ["/r"],
  write: ["/w"],
  hosts: ["h:1"],
};

const ALL: Settings = {
  model: "work:m",
  maxRounds: 1,
  timeout: 2,
  context: 8000,
  maxOutput: 4,
  maxTokens: 5,
  maxCost: 6,
  maxToolCalls: 7,
  maxSeconds: 8,
  prices: { m: { input: 1, output: 2 } },
  ask: true,
  approve: "edits",
  require: "namespace",
  commands: "off",
  skills: "/skills",
  read: ["/r"],
  write: ["/w"],
  host: ["h:1"],
  echo: false,
};

Deno.test("withConfig() lays the file under the flags", () => {
  assert.deepEqual(withConfig(NONE, VALUES), ALL);
  assert.equal(withConfig(NONE, undefined), NONE);
});

Deno.test("withConfig() prefers every flag; folders add up", () => {
  const flags: Settings = {
    model: "openai:x",
    maxRounds: 10,
    timeout: 20,
    context: 9000,
    maxOutput: 40,
    maxTokens: 50,
    maxCost: 60,
    maxToolCalls: 70,
    maxSeconds: 80,
    ask: false,
    approve: "never",
    require: "deno",
    commands: "unconfined",
    skills: "own",
    read: ["a"],
    write: ["b"],
    host: ["public"],
    echo: false,
  };
  assert.deepEqual(withConfig(flags, VALUES), {
    ...flags,
    prices: ALL.prices,
    read: ["/r", "a"],
    write: ["/w", "b"],
  });
});

Deno.test("withConfig() gives no model to what runs on none", () => {
  const echo = { ...NONE, echo: true };
  assert.equal(withConfig(echo, VALUES).model, undefined);
  const script = { ...NONE, script: "s.yaml" };
  assert.equal(withConfig(script, VALUES).model, undefined);
});

Deno.test("withConfig() lays nothing under a whole spec", () => {
  const flags = { ...NONE, spec: "spec.json", maxRounds: 3 };
  assert.equal(withConfig(flags, VALUES), flags);
});
