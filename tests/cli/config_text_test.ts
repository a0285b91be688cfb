import { strict as assert } from "node:assert";
import type { ConfigValues } from "../../src/cli/config_values.ts";
import { type Config, parseConfig } from "../../src/cli/config_text.ts";
import { WorkerError } from "../../src/core/errors.ts";

const PATH = "/home/u/.config/sheath/config.yaml";

function parse(text: string | Uint8Array, home: string | undefined = "/home/u"): Config {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return parseConfig(bytes, { path: PATH, home });
}

const FULL = `# all there is
model: work:gpt-6-luna
providers:
  work:
    protocol: openai
    base_url: https://llm.example.com/v1
    key_command: pass show 'work/l l m'
  openai: {}
limits: { max_rounds: 7, run_timeout_secs: 60, context_tokens: 8000, output_tokens: 1 }
budget:
  total_tokens: 4294967295
  cost_usd: 0.5
  tool_calls: 1
  wall_secs: 2
prices:
  gpt-6.1-luna:
    input: 0
    output: 2.5
    cached_input: 1e-2
    cache_write: 3
ask: true
approve: edits
require: kernel
commands: off
read:
  - /usr/share/dict/
  - ~/notes
write: ["~"]
hosts: ["docs.example.com:443", "[::1]:8080"]
`;

Deno.test("parseConfig() reads every key, and knows its line", () => {
  const { path, values, lineOf } = parse(FULL);
  assert.equal(path, PATH);
  assert.deepEqual(values, {
    model: "work:gpt-6-luna",
    providers: {
      work: {
        protocol: "openai",
        base_url: "https://llm.example.com/v1",
        key_command: "pass show 'work/l l m'",
      },
      openai: {},
    },
    limits: { max_rounds: 7, run_timeout_secs: 60, context_tokens: 8000, output_tokens: 1 },
    budget: { total_tokens: 4294967295, cost_usd: 0.5, tool_calls: 1, wall_secs: 2 },
    prices: { "gpt-6.1-luna": { input: 0, output: 2.5, cached_input: 0.01, cache_write: 3 } },
    ask: true,
    approve: "edits",
    require: "kernel",
    commands: "off",
    read: ["/usr/share/dict", "/home/u/notes"],
    write: ["/home/u"],
    hosts: ["docs.example.com:443", "[::1]:8080"],
  });
  const lines = [
    [["model"], 2],
    [["providers", "work", "key_command"], 7],
    [["limits", "output_tokens"], 9],
    [["budget", "cost_usd"], 12],
    [["prices", "gpt-6.1-luna", "output"], 18],
    [["read", 1], 27],
    [["hosts", 0], 29],
    [["budget", "not there"], 10],
    [["nothing"], 1],
  ] as const;
  assert.deepEqual(lines.map(([key]) => [key, lineOf(key)]), lines);
});

Deno.test("parseConfig() reads little, and other ways to write it", async (t) => {
  const cases: readonly [string, ConfigValues][] = [
    ["", {}],
    ["# nothing\n", {}],
    ["\ufeffask: true", { ask: true }],
    ["ask: true\r\nmodel: a:b:c\r\n", { ask: true, model: "a:b:c" }],
    ["hosts: public", { hosts: ["public"] }],
    ["hosts: [public]", { hosts: ["public"] }],
    ['{"ask": false, "read": []}', { ask: false, read: [] }],
    ["%YAML 1.1\n---\ncommands: off\n", { commands: "off" }],
    ["prices: { local: { input: 0, output: 0 } }", { prices: { local: { input: 0, output: 0 } } }],
    ["read: [/a/../b/, '~/.']", { read: ["/b", "/home/u"] }],
  ];
  for (const [text, values] of cases) {
    await t.step(JSON.stringify(text), () => assert.deepEqual(parse(text).values, values));
  }
});

const TOP = "model, providers, limits, budget, prices, ask, approve, require, commands, read, " +
  "write, skills, hosts";
const NO_KEYS = "keys never stand in this file; set a variable such as OPENAI_API_KEY, or give " +
  "providers.NAME.key_command";
const PROVIDER = "protocol, base_url, key_command";
const URL = "expected an http or https URL without user, password or query, got another string";
const NAME = "providers: expected a name of letters, digits, . _ -, got another string";

const BAD: readonly [text: string, line: number, message: string][] = [
  ["ask: true\n\nmodell: a:b", 3, `unknown key "modell", expected ${TOP}`],
  [
    "limits:\n  ask: true",
    2,
    'limits: unknown key "ask", expected max_rounds, run_timeout_secs, ' +
    "context_tokens, output_tokens",
  ],
  ["providers:\n  w:\n    url: x", 3, `providers.w: unknown key "url", expected ${PROVIDER}`],
  [
    "providers: { w: { key_env: X } }",
    1,
    `providers.w: unknown key "key_env", expected ${PROVIDER}`,
  ],
  [
    "budget: { total_token: 1 }",
    1,
    'budget: unknown key "total_token", expected total_tokens, ' +
    "cost_usd, tool_calls, wall_secs",
  ],
  ['"\\e[31m": 1', 1, `unknown key "\\u001b[31m", expected ${TOP}`],
  ["<<: { ask: true }", 1, `unknown key "<<", expected ${TOP}`],
  ["__proto__: { ask: true }", 1, `unknown key "__proto__", expected ${TOP}`],
  ["? [a]\n: b", 1, `unknown key "[ a ]", expected ${TOP}`],
  // Keys that do not belong here.
  ...["api_key", "OPENAI_API_KEY", "key", "authToken", "token", "secret", "password", "apikey"].map(
    (name): [string, number, string] => [
      `ask: true\n${name}: sk-123`,
      2,
      `"${name}": ${NO_KEYS}`,
    ],
  ),
  ["providers:\n  w:\n    api_key: sk-123", 3, `providers.w: "api_key": ${NO_KEYS}`],
  // Types.
  ["- model", 1, "expected a mapping, got an array"],
  ["model", 1, "expected a mapping, got a string"],
  ["limits:", 1, "limits: expected a mapping, got null"],
  ["providers: []", 1, "providers: expected a mapping, got an array"],
  ["prices:\n  m: 1", 2, "prices.m: expected a mapping, got a number"],
  [
    "prices:\n  m:\n    input: 1",
    2,
    "prices.m.output: missing, expected US dollars for a million tokens",
  ],
  [
    "prices: { m: { input: -1, output: 1 } }",
    1,
    "prices.m.input: expected US dollars for a million " +
    "tokens, got a negative number",
  ],
  [
    "prices: { m: { input: .inf, output: 1 } }",
    1,
    "prices.m.input: expected US dollars for a " +
    "million tokens, got a number with a fraction",
  ],
  ["model: 5", 1, "model: expected provider:model, got a number"],
  ["model: gpt", 1, "model: expected provider:model, got another string"],
  ["model: 'a:'", 1, "model: expected provider:model, got another string"],
  ['model: "a:b\\nc"', 1, "model: expected provider:model, got another string"],
  ["ask: yes", 1, "ask: expected true or false, got a string"],
  ["approve: maybe", 1, 'approve: expected "never", "edits" or "all", got another string'],
  ["require: none", 1, 'require: expected "deno", "kernel" or "namespace", got another string'],
  ["commands: false", 1, 'commands: expected "on", "off" or "unconfined", got a boolean'],
  [
    "limits:\n  max_rounds: 0",
    2,
    "limits.max_rounds: expected a whole number from 1 up, got a number",
  ],
  [
    "limits:\n  max_rounds: 1.5",
    2,
    "limits.max_rounds: expected a whole number from 1 up, got a " +
    "number with a fraction",
  ],
  [
    "limits: { max_rounds: 4294967296 }",
    1,
    "limits.max_rounds: expected a whole number from 1 up, " +
    "got a number",
  ],
  [
    "limits: { max_rounds: '5' }",
    1,
    "limits.max_rounds: expected a whole number from 1 up, got a string",
  ],
  [
    "limits: { context_tokens: 7999 }",
    1,
    "limits.context_tokens: expected a whole number from 8000 " +
    "up, got a number",
  ],
  ["budget: { cost_usd: 0 }", 1, "budget.cost_usd: expected US dollars such as 0.50, got a number"],
  ["providers: { 'a b': {} }", 1, NAME],
  ["providers: { 'a:b': {} }", 1, NAME],
  ["providers: { scripted: {} }", 1, NAME],
  [
    "providers: { w: { protocol: copilot } }",
    1,
    'providers.w.protocol: expected "openai", ' +
    '"anthropic" or "gemini", got another string',
  ],
  ["providers: { w: { base_url: 'ftp://h' } }", 1, `providers.w.base_url: ${URL}`],
  ["providers: { w: { base_url: 'http://u:p@h' } }", 1, `providers.w.base_url: ${URL}`],
  ["providers: { w: { base_url: 'http://h/?key=x' } }", 1, `providers.w.base_url: ${URL}`],
  [
    "providers: { w: { key_command: [pass] } }",
    1,
    "providers.w.key_command: expected a text of one " +
    "line, got an array",
  ],
  [
    "providers: { w: { key_command: a | b } }",
    1,
    "providers.w.key_command: no shell reads it, so | " +
    "must stand in '…'",
  ],
  [
    "providers: { w: { key_command: bin/key } }",
    1,
    "providers.w.key_command: expected a program's " +
    "name, or its absolute path",
  ],
  // Paths and hosts.
  ["read:\n  - /a\n  - b", 3, "read.1: expected an absolute path, or ~/ and more"],
  ["write: [../a]", 1, "write.0: expected an absolute path, or ~/ and more"],
  ["write: [~root]", 1, "write.0: expected an absolute path, or ~/ and more"],
  ["read: /a", 1, "read: expected an array, got a string"],
  ["hosts: [h]", 1, 'hosts.0: expected "host:port" or "public", got another string'],
  ["hosts:\n  - public\n  - h:1", 1, 'hosts: "public" stands alone'],
  // What is no plain YAML.
  ["ask: true\nask: true", 2, "not YAML: Map keys must be unique"],
  ["limits:\n\tmax_rounds: 5", 2, "not YAML: Tabs are not allowed as indentation"],
  [
    "ask: true\n---\nask: true",
    2,
    "not YAML: Source contains multiple documents; please use " +
    "YAML.parseAllDocuments()",
  ],
  ["model: !custom a:b", 1, "not YAML: Unresolved tag: !custom"],
  ["a: &a [1]\nb: *a", 2, "aliases are not read here"],
  [`${bomb(12)}ask: true`, 2, "aliases are not read here"],
  ["[".repeat(30_000), 1, "nested too deep"],
  [
    "read: [\n",
    2,
    "not YAML: Flow sequence in block collection must be sufficiently indented and " +
    "end with a ]",
  ],
];

/** Ten to the power of `depth` once it is spelled out. */
function bomb(depth: number): string {
  const lines = Array.from(
    { length: depth },
    (_, at) =>
      `a${at + 1}: &a${at + 1} [${Array.from({ length: 10 }, () => `*a${at}`).join(", ")}]\n`,
  );
  return `a0: &a0 x\n${lines.join("")}`;
}

Deno.test("parseConfig() names file, line and key of what is wrong, and no value", async (t) => {
  for (const [text, line, message] of BAD) {
    await t.step(text.slice(0, 60), () => {
      assert.throws(() => parse(text), {
        fault: "bad_input",
        message: `${PATH}:${line}: ${message}`,
      });
    });
  }
});

Deno.test("parseConfig() names the first of several lines that are wrong", () => {
  assert.throws(() => parse("ask: 1\nmodel: 2\nx: 3"), { message: /config\.yaml:1: ask: / });
  assert.throws(() => parse("x: 3\nask: 1"), { message: /config\.yaml:1: unknown key "x"/ });
});

Deno.test("parseConfig() knows no home when there is none", () => {
  assert.throws(() =>
    parseConfig(new TextEncoder().encode("read: [~/a]"), {
      path: PATH,
      home: undefined,
    }), { message: `${PATH}:1: read.0: HOME is not set` });
});

Deno.test("parseConfig() names the line that is not UTF-8", () => {
  const bytes = new TextEncoder().encode("ask: true\n# \u00fc\nmodel: ?:b\n");
  bytes[bytes.indexOf("?".charCodeAt(0))] = 0xfc;
  assert.throws(() => parse(bytes), { fault: "bad_input", message: `${PATH}:3: not UTF-8` });
});

Deno.test("parseConfig() reads or refuses every beginning of a file", () => {
  const bytes = new TextEncoder().encode(FULL.replace("# all", "# \u00e4ll"));
  for (let length = 0; length <= bytes.length; length++) {
    try {
      parse(bytes.subarray(0, length));
    } catch (thrown) {
      assert.ok(thrown instanceof WorkerError, String(thrown));
      assert.match(thrown.message, /^\/home\/u\/\.config\/sheath\/config\.yaml:\d+: [^\n]+$/);
    }
  }
});
