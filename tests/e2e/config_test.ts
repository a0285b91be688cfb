// The configuration of `sheath run` in the compiled program: who gives which value, how a key is got
// and where it is seen, and what is refused.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ModelServer, serveModel, textAnswer } from "../support/model_server.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import { type Exit, runSheath } from "../support/sheath_process.ts";
import { isObject } from "../support/worker_connection.ts";

const KEY = "key-of-the-command-0123456789";

/** Writes the usual file, or one at another path under the playground's root. */
function configure(ground: Playground, text: string, name = "home/.config/sheath/config.yaml") {
  const path = join(ground.root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
}

/** A file beside all folders of the run, that only a command reads. */
function keepKey(ground: Playground): string {
  const path = join(ground.root, "key.txt");
  writeFileSync(path, `${KEY}\nuser: me\n`);
  return path;
}

async function sheath(
  ground: Playground,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Exit> {
  const all = { ...ground.variables, ...variables };
  return await runSheath(args, { variables: all, cwd: ground.workspace });
}

/** Arguments and environments of all processes in which `text` stands. */
function processesHolding(text: string): readonly string[] {
  const { stdout } = spawnSync("sh", [
    "-c",
    "grep -alF -f - /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null",
  ], { input: text, encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

function bodyOf(server: ModelServer): Readonly<Record<string, unknown>> {
  const body: unknown = JSON.parse(server.requests[0]?.body ?? "{}");
  assert.ok(isObject(body));
  return body;
}

Deno.test("run() takes model, address and key from the configuration; the key is seen nowhere else", async () => {
  using ground = new Playground();
  const keyFile = keepKey(ground);
  let holders: readonly string[] | undefined;
  await using server = serveModel(() => {
    holders = processesHolding(KEY);
    assert.ok(processesHolding(ground.home).length > 0, "the program's own HOME");
    return textAnswer("hello");
  });
  configure(
    ground,
    `
model: work:m-1
providers:
  work:
    protocol: openai
    base_url: ${server.baseUrl}
    key_command: head -n 2 '${keyFile}'
limits: { output_tokens: 321 }
`,
  );
  const { code, stdout, stderr } = await sheath(ground, ["run", "--json", "say hello"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /"result":"hello"/);
  assert.equal(server.requests[0]?.headers.get("authorization"), `Bearer ${KEY}`);
  assert.equal(bodyOf(server).model, "m-1");
  assert.equal(bodyOf(server).max_completion_tokens ?? bodyOf(server).max_tokens, 321);
  assert.deepEqual(holders, []);
  assert.ok(!(stdout + stderr).includes(KEY));
  const others = filesUnder(ground.root).filter((name) => name !== "key.txt");
  assert.deepEqual(
    others.filter((name) => readFileSync(join(ground.root, name)).includes(KEY)),
    [],
  );
});

Deno.test("run() runs no other provider's command, and none where a variable has the key", async () => {
  using ground = new Playground();
  await using server = serveModel(() => textAnswer("ok"));
  const ran = join(ground.root, "ran");
  configure(
    ground,
    `
providers:
  openai: { base_url: "${server.baseUrl}", key_command: "touch ${ran}" }
  other: { base_url: "${server.baseUrl}", key_command: "touch ${ran}" }
`,
  );
  const args = ["run", "--quiet", "--model", "openai:m", "go"];
  const { code, stderr } = await sheath(ground, args, { OPENAI_API_KEY: "sk-of-the-variable" });
  assert.equal(code, 0, stderr);
  assert.equal(server.requests[0]?.headers.get("authorization"), "Bearer sk-of-the-variable");
  await sheath(ground, ["explain", "--model", "other:m"]);
  await sheath(ground, ["config", "show", "--model", "other:m"]);
  await sheath(ground, ["run", "--model", "other:m"]);
  assert.deepEqual(filesUnder(ground.root).filter((name) => name === "ran"), []);
});

Deno.test("run() gives the key's command the user's whole environment, and / as its folder", async () => {
  using ground = new Playground();
  await using server = serveModel(() => textAnswer("ok"));
  configure(
    ground,
    `
model: work:m
providers:
  work: { base_url: "${server.baseUrl}", key_command: sh -c 'printf %s "$WORK_KEY-$PWD"' }
`,
  );
  // A variable that the program itself cannot read.
  const { code, stderr } = await sheath(ground, ["run", "-q", "go"], { WORK_KEY: "wk-1" });
  assert.equal(code, 0, stderr);
  assert.equal(server.requests[0]?.headers.get("authorization"), "Bearer wk-1-/");
});

Deno.test("run() ends with exit code 2 when the command tells no key, and asks no model", async () => {
  using ground = new Playground();
  await using server = serveModel(() => textAnswer("ok"));
  const path = configure(
    ground,
    `model: work:m
providers:
  work: { base_url: "${server.baseUrl}", key_command: sh -c 'echo ${KEY}; exit 7' }
`,
  );
  const { code, stdout, stderr } = await sheath(ground, ["run", "go"]);
  const what = 'providers.work.key_command: "sh" ended with exit code 7';
  assert.deepEqual({ code, stdout, stderr }, {
    code: 2,
    stdout: "",
    stderr: `sheath: ${path}:3: ${what}\n`,
  });
  assert.equal(server.requests.length, 0);
});

Deno.test("run() prefers flags, takes another file by --config, and none by --no-config", async () => {
  using ground = new Playground();
  await using usual = serveModel(() => textAnswer("usual"));
  await using flagged = serveModel(() => textAnswer("flagged"));
  await using other = serveModel(() => textAnswer("other"));
  const file = (baseUrl: string) =>
    `model: a:from-file\nproviders: { a: { base_url: "${baseUrl}" } }\n`;
  configure(ground, file(usual.baseUrl));
  const path = configure(ground, file(other.baseUrl), "other.yaml");
  const results: string[] = [];
  for (
    const args of [
      [],
      ["--base-url", flagged.baseUrl],
      ["--model", "b:from-flag", "--base-url", flagged.baseUrl],
      ["--config", path],
    ]
  ) {
    const { code, stdout, stderr } = await sheath(ground, ["run", "-q", ...args, "go"]);
    assert.equal(code, 0, stderr);
    results.push(stdout);
  }
  assert.deepEqual(results, ["usual\n", "flagged\n", "flagged\n", "other\n"]);
  const models = flagged.requests.map(({ body }) => JSON.parse(body).model);
  assert.deepEqual(models, ["from-file", "from-flag"]);
  const without = await sheath(ground, ["run", "-q", "--no-config", "--workspace", ".", "go"]);
  assert.equal(without.code, 2);
  assert.match(without.stderr, /no model to run on/);
});

Deno.test("run() holds to limits, commands and approvals of the configuration", async () => {
  using ground = new Playground();
  const script = join(ground.root, "script.yaml");
  const turns = [
    "- tool_calls: [{ name: Write, arguments: { file_path: '{workspace}/a.txt', content: x } }]",
    "- tool_calls: [{ name: Bash, arguments: { command: 'true' } }]",
    "- text: end",
  ];
  writeFileSync(script, `turns:\n  ${turns.join("\n  ")}\n`);
  configure(ground, "ask: true\napprove: never\ncommands: off\nmodel: not:used\n");
  const strict = await sheath(ground, ["run", "--script", script, "go"]);
  assert.equal(strict.code, 0, strict.stderr);
  assert.deepEqual(filesUnder(ground.workspace), []);
  assert.match(strict.stderr, /allow with --approve edits/);
  assert.match(strict.stderr, /allow with --commands on/);
  const args = ["--no-ask", "--commands", "on", "--script", script];
  const loose = await sheath(ground, ["run", ...args, "go"]);
  assert.equal(loose.code, 0, loose.stderr);
  assert.deepEqual(filesUnder(ground.workspace), ["a.txt"]);
  configure(ground, "limits: { max_rounds: 1 }\n");
  const short = await sheath(ground, ["run", "--script", script, "go"]);
  assert.equal(short.code, 5, short.stderr);
});

Deno.test("run() --spec takes providers from the configuration, and nothing else", async () => {
  using ground = new Playground();
  await using server = serveModel(() => textAnswer("ok"));
  configure(
    ground,
    `
model: other:never
limits: { max_rounds: 1, output_tokens: 77 }
require: namespace
hosts: public
providers:
  work: { base_url: "${server.baseUrl}", key_command: "cat '${keepKey(ground)}'" }
`,
  );
  const path = join(ground.root, "spec.json");
  writeFileSync(
    path,
    JSON.stringify({
      version: 1,
      identity: { child_id: "c-1" },
      executor: { kind: "bamboo_runtime" },
      fabric_dir: ground.fabric,
      storage_dir: ground.storage,
      workspace: ground.workspace,
      model: { provider: "work", model: "of-the-spec" },
    }),
  );
  const { code, stdout, stderr } = await sheath(ground, ["run", "--spec", path, "go"]);
  assert.deepEqual([code, stdout], [0, "ok\n"], stderr);
  assert.equal(server.requests[0]?.headers.get("authorization"), `Bearer ${KEY}`);
  assert.equal(bodyOf(server).model, "of-the-spec");
  const text = server.requests[0]?.body ?? "";
  assert.ok(!text.includes(":77") && !text.includes('"WebFetch"'), text);
});

Deno.test("run() never reads a configuration of the workspace", async () => {
  using ground = new Playground();
  const evil = `ask: {\nproviders: { w: { key_command: touch ${ground.root}/ran } }\n`;
  for (
    const name of [
      "config.yaml",
      "sheath.yaml",
      "sheath/config.yaml",
      ".sheath/config.yaml",
      ".config/sheath/config.yaml",
      ".sheath.yaml",
    ]
  ) {
    ground.write(name, evil);
  }
  const { code, stdout, stderr } = await sheath(ground, ["run", "--echo", "-q", "go"]);
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "echo: go\n", stderr: "" });
  const { stdout: shown } = await sheath(ground, ["config", "show"]);
  assert.ok(!shown.includes(ground.workspace), shown);
});

Deno.test("run() lets no agent have a configuration that it could change", async () => {
  using ground = new Playground();
  const script = join(ground.root, "script.yaml");
  writeFileSync(script, "turns: [{ text: hi }]");
  const ran = join(ground.root, "ran");
  const planted = configure(
    ground,
    `model: w:m\nproviders: { w: { base_url: "http://127.0.0.1:9", key_command: "touch ${ran}" } }`,
    "workspace/sheath.yaml",
  );
  const config = join(ground.home, ".config");
  mkdirSync(config);
  const plays = ["--script", script];
  const cases = [
    ["run", "--config", planted, "go"],
    ["run", ...plays, "--write", config, "go"],
    ["run", ...plays, "--no-config", "--workspace", config, "go"],
    ["explain", ...plays, "--workspace", config],
  ];
  for (const args of cases) {
    const { code, stdout, stderr } = await sheath(ground, args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(
      stderr,
      /^sheath: tools may not change ".*": the configuration ".*" is in it, .*\n$/,
    );
  }
  assert.ok(!filesUnder(ground.root).includes("ran"));
});

Deno.test("every command that goes by the configuration tells file and line of what is wrong", async () => {
  using ground = new Playground();
  const path = configure(ground, "# mine\nmodell: a:b\n");
  const line = `sheath: ${path}:2: unknown key "modell", expected model, providers, `;
  for (const args of [["run", "--echo", "go"], ["run"], ["explain"], ["config", "show"]]) {
    const { code, stdout, stderr } = await sheath(ground, args);
    assert.deepEqual([code, stdout, stderr.startsWith(line)], [2, "", true], stderr);
    assert.equal(stderr.split("\n").length, 2);
  }
  chmodSync(path, 0o666);
  const { code, stderr } = await sheath(ground, ["run", "--echo", "go"]);
  assert.equal(code, 2);
  assert.match(stderr, /^sheath: Cannot use ".*": others may write it, .*: chmod go-w .*\n$/);
  // What the file does not govern works with any.
  assert.equal((await sheath(ground, ["agents", "--json"])).code, 0);
  const XDG_CONFIG_HOME = join(ground.home, "elsewhere");
  const elsewhere = await sheath(ground, ["run", "--echo", "-q", "go"], { XDG_CONFIG_HOME });
  assert.equal(elsewhere.code, 0, elsewhere.stderr);
});

Deno.test("config show tells where each value is from, as a table and as JSON, and never a key", async () => {
  using ground = new Playground();
  const path = configure(
    ground,
    `model: work:m
providers:
  work: { key_command: "cat '${keepKey(ground)}'", base_url: "https://llm.example.com/v1" }
budget: { cost_usd: 0.5 }
`,
  );
  const variables = { ANTHROPIC_API_KEY: "sk-ant-secret" };
  const args = ["config", "show", "--max-rounds", "9", "--approve", "all"];
  const { code, stdout, stderr } = await sheath(ground, args, variables);
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = stdout.split("\n").map((line) => line.replace(/ {2,}/g, " · "));
  for (
    const line of [
      "KEY · VALUE · FROM",
      `model · work:m · ${path}:1`,
      `providers.work.base_url · https://llm.example.com/v1 · ${path}:3`,
      "providers.anthropic.key · set · env ANTHROPIC_API_KEY",
      "limits.max_rounds · 9 · flag",
      `budget.cost_usd · 0.5 · ${path}:4`,
      "approve · all · flag",
      "commands · on · built in",
    ]
  ) {
    assert.ok(lines.includes(line), `${line}\n${stdout}`);
  }
  const json = await sheath(ground, [...args, "--json"], variables);
  const rows: unknown = JSON.parse(json.stdout);
  assert.ok(Array.isArray(rows));
  assert.deepEqual(rows[0], {
    key: "model",
    value: "work:m",
    from: { type: "file", path, line: 1 },
  });
  assert.ok(!/sk-ant-secret|key-of-the-command/.test(stdout + json.stdout));
  const refused = await sheath(ground, ["config", "show", "--base-url", "http://u:hunter2@h"]);
  assert.equal(refused.code, 2);
  assert.ok(!(refused.stdout + refused.stderr).includes("hunter2"));
});

Deno.test("config path tells where the file lies, there or not", async () => {
  using ground = new Playground();
  const usual = await sheath(ground, ["config", "path"]);
  assert.deepEqual([usual.code, usual.stdout], [0, `${ground.home}/.config/sheath/config.yaml\n`]);
  const xdg = await sheath(ground, ["config", "path"], { XDG_CONFIG_HOME: "/x" });
  assert.equal(xdg.stdout, "/x/sheath/config.yaml\n");
  const relative = await sheath(ground, ["config", "path"], { XDG_CONFIG_HOME: "x" });
  assert.equal(relative.stdout, usual.stdout);
});
