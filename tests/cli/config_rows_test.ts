import { strict as assert } from "node:assert";
import { type ConfigFacts, configRows, configTable } from "../../src/cli/config_rows.ts";
import { parseConfig } from "../../src/cli/config_text.ts";
import type { Settings } from "../../src/cli/settings.ts";

const NO_FLAGS: Settings = { read: [], write: [], host: [], echo: false };
const NO_KEYS = { openai: undefined, anthropic: undefined, gemini: undefined };

function facts(text: string | undefined, given: Partial<ConfigFacts> = {}): ConfigFacts {
  const options = { path: "/c.yaml", home: "/home/u" };
  const config = text === undefined
    ? undefined
    : parseConfig(new TextEncoder().encode(text), options);
  return { flags: NO_FLAGS, config, keys: NO_KEYS, os: "linux", ...given };
}

/** `key value from`, of the rows that something says. */
function said(rows: ReturnType<typeof configRows>): readonly string[] {
  return configTable(rows).split("\n").slice(1, -1).map((line) => line.replace(/ {2,}/g, " · "))
    .filter((line) => !line.endsWith("built in"));
}

Deno.test("configRows() has every setting also when nobody says anything", () => {
  const rows = configRows(facts(undefined)).map(({ key, value, from }) => [key, value, from.type]);
  assert.deepEqual(rows, [
    ["model", null, "built_in"],
    ["limits.max_rounds", 200, "built_in"],
    ["limits.run_timeout_secs", null, "built_in"],
    ["limits.context_tokens", null, "built_in"],
    ["limits.output_tokens", null, "built_in"],
    ["budget.total_tokens", null, "built_in"],
    ["budget.cost_usd", null, "built_in"],
    ["budget.tool_calls", null, "built_in"],
    ["budget.wall_secs", null, "built_in"],
    ["ask", false, "built_in"],
    ["approve", null, "built_in"],
    ["require", "kernel", "built_in"],
    ["skills", null, "built_in"],
    ["commands", "on", "built_in"],
    ["read", null, "built_in"],
    ["write", null, "built_in"],
    ["hosts", null, "built_in"],
  ]);
  const [require] = configRows(facts(undefined, { os: "darwin" })).filter(({ key }) =>
    key === "require"
  );
  assert.equal(require?.value, "deno");
});

const FILE = `model: work:m
providers:
  work:
    base_url: http://w/v1
    key_command: pass work
limits: { max_rounds: 7 }
prices:
  m-1.5: { input: 1, output: 2 }
ask: true
read:
  - /a
  - ~/b
hosts: public
`;

Deno.test("configRows() names the line of the file for each value", () => {
  assert.deepEqual(said(configRows(facts(FILE))), [
    "model · work:m · /c.yaml:1",
    "providers.work.base_url · http://w/v1 · /c.yaml:4",
    "providers.work.key_command · pass work · /c.yaml:5",
    "limits.max_rounds · 7 · /c.yaml:6",
    "ask · true · /c.yaml:9",
    "prices.m-1.5.input · 1 · /c.yaml:8",
    "prices.m-1.5.output · 2 · /c.yaml:8",
    "read · /a · /c.yaml:11",
    "read · /home/u/b · /c.yaml:12",
    "hosts · public · /c.yaml:13",
  ]);
});

Deno.test("configRows() puts flags before the file, and tells keys by their variable alone", () => {
  const flags: Settings = {
    ...NO_FLAGS,
    baseUrl: "http://flag/v1",
    maxRounds: 3,
    ask: false,
    read: ["/c"],
    host: ["h:1"],
  };
  const keys = { ...NO_KEYS, openai: "sk-secret", gemini: "k-secret" };
  const rows = configRows(facts(FILE, { flags, keys }));
  assert.ok(!JSON.stringify(rows).includes("secret"));
  assert.deepEqual(said(rows), [
    "model · work:m · /c.yaml:1",
    "providers.work.key_command · pass work · /c.yaml:5",
    "providers.work.base_url · http://flag/v1 · flag",
    "providers.openai.key · set · env OPENAI_API_KEY",
    "providers.gemini.key · set · env GEMINI_API_KEY",
    "limits.max_rounds · 3 · flag",
    "ask · false · flag",
    "prices.m-1.5.input · 1 · /c.yaml:8",
    "prices.m-1.5.output · 2 · /c.yaml:8",
    "read · /a · /c.yaml:11",
    "read · /home/u/b · /c.yaml:12",
    "read · /c · flag",
    "hosts · h:1 · flag",
  ]);
});

Deno.test("configRows() tells the model that a key or its command leads to", () => {
  const model = (given: ConfigFacts) => configRows(given)[0]?.value;
  assert.equal(
    model(facts(undefined, { keys: { ...NO_KEYS, gemini: "k" } })),
    "gemini:gemini-3.8-flash",
  );
  const file = "providers: { anthropic: { key_command: pass a } }";
  assert.equal(model(facts(file)), "anthropic:claude-haiku-5-5");
});

Deno.test("configTable() keeps control characters and long values from its columns", () => {
  const from = { type: "built_in" } as const;
  const rows = [{ key: "a\u001b[31m", value: "x".repeat(70), from }, {
    key: "b",
    value: null,
    from,
  }];
  assert.deepEqual(configTable(rows).split("\n"), [
    `KEY        ${"VALUE".padEnd(60)}  FROM`,
    `a\\x1b[31m  ${"x".repeat(70)}  built in`,
    `b          ${"-".padEnd(60)}  built in`,
    "",
  ]);
});
