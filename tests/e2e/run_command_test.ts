// `sheath run` as a person or a script uses it: what it prints where, how it ends, what it leaves.
import { LLMock } from "@copilotkit/aimock";
import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/deadline.ts";
import { serveModel, textAnswer } from "../support/model_server.ts";
import { levelHere } from "../support/level.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import { type Exit, runSheath, SheathProcess } from "../support/sheath_process.ts";
import { isObject } from "../support/worker_connection.ts";
import { unaudited } from "../support/worker_process.ts";

// One for all tests: it starts timers of its own that its stop() leaves running.
const mock = new LLMock({ port: 0, host: "127.0.0.1" });
Deno.test.beforeAll(async () => void await mock.start());
Deno.test.afterAll(() => mock.stop());

type RunOptions = {
  readonly variables?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
};

async function run(
  ground: Playground,
  args: readonly string[],
  { variables = {}, cwd = ground.workspace, input = "" }: RunOptions = {},
): Promise<Exit> {
  const all = { ...ground.variables, ...variables };
  return await runSheath(["run", ...args], { variables: all, cwd, input });
}

/** A script file beside the workspace; returns its path. */
function writeScript(ground: Playground, text: string): string {
  const path = join(ground.root, "script.yaml");
  writeFileSync(path, text);
  return path;
}

/** No record, no socket, no temporary file but the demo's own folder. */
function assertLeftNothing({ runtime, tmp }: Playground): void {
  assert.deepEqual(unaudited(runtime), []);
  assert.deepEqual(filesUnder(tmp).filter((name) => !name.startsWith("sheath-demo-")), []);
}

function jsonLines(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  assert.match(stdout, /\n$/);
  return stdout.trimEnd().split("\n").map((line) => {
    const value: unknown = JSON.parse(line);
    assert.ok(isObject(value));
    return value;
  });
}

const TALK = `
turns:
  - text: "I read it. "
    tool_calls:
      - name: Read
        arguments: { file_path: "{workspace}/a.txt" }
  - expect: first line
    text: It says first line.
`;

Deno.test("run() without a key plays the demo in a folder of its own: read, edit, result, exit 0", async () => {
  using ground = new Playground({ "mine.txt": "untouched\n" });
  const { code, stdout, stderr } = await run(ground, []);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Done: `add` in hello\.py/);
  assert.match(stderr.split("\n")[0] ?? "", /demo.*OPENAI_API_KEY|OPENAI_API_KEY.*demo/);
  assert.match(stderr, new RegExp(`level ${levelHere()}`));
  assert.match(stderr, /Read.*hello\.py/);
  assert.match(stderr, /Edit.*hello\.py/);
  assert.deepEqual(filesUnder(ground.workspace), ["mine.txt"]);
  const demo = filesUnder(ground.tmp).find((name) => name.endsWith("/hello.py")) ?? "";
  assert.match(readFileSync(join(ground.tmp, demo), "utf8"), /return a \+ b/);
  assertLeftNothing(ground);
});

Deno.test("run() plays a YAML script in the folder it is called from", async () => {
  using ground = new Playground({ "a.txt": "first line\n" });
  const script = writeScript(ground, TALK);
  const { code, stdout, stderr } = await run(ground, ["--script", script, "read", "a.txt"]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "I read it. \nIt says first line.\n");
  assert.match(stderr, /model scripted:script/);
  assertLeftNothing(ground);
});

Deno.test("run() takes the task from stdin for -, and the folder from --workspace", async () => {
  using ground = new Playground({ "a.txt": "first line\n" });
  await using server = serveModel(() => textAnswer("ok"));
  const args = ["--model", "local:m", "--base-url", server.baseUrl, "--workspace", "sub", "-"];
  ground.write("sub/x.txt", "x");
  const { code, stderr } = await run(ground, args, { input: "the task from stdin\n" });
  assert.equal(code, 0, stderr);
  const body = server.requests[0]?.body ?? "";
  assert.ok(body.includes('"content":"the task from stdin"'), body);
  assert.ok(body.includes(ground.path("sub")));
});

Deno.test("run() works with a model behind --base-url and the key of its variable", async () => {
  using ground = new Playground({ "a.txt": "first line\n" });
  const file_path = ground.path("a.txt");
  mock
    .onToolResult("r-1", { content: "It says first line." })
    .onMessage("read it", {
      toolCalls: [{ id: "r-1", name: "Read", arguments: JSON.stringify({ file_path }) }],
    });
  const args = ["--model", "openai:gpt-x", "--base-url", `http://127.0.0.1:${mock.port}/v1`];
  const variables = { OPENAI_API_KEY: "sk-from-the-variable" };
  const { code, stdout, stderr } = await run(ground, [...args, "read it"], { variables });
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "It says first line.\n");
  assert.match(stderr, /model openai:gpt-x/);
  assert.ok(!(stdout + stderr).includes("sk-from-the-variable"));
  assertLeftNothing(ground);
});

Deno.test("run() --json prints one frame a line: ours first, the terminal last", async () => {
  using ground = new Playground({ "a.txt": "first line\n" });
  const script = writeScript(ground, TALK);
  const { code, stdout, stderr } = await run(ground, ["--json", "--script", script, "go"]);
  assert.equal(code, 0, stderr);
  const lines = jsonLines(stdout);
  const { version, agent_id, ...first } = lines[0] ?? {};
  assert.deepEqual(first, { kind: "sheath", level: levelHere(), workspace: ground.workspace });
  assert.match(String(version), /^\d+\.\d+\.\d+$/);
  assert.match(String(agent_id), /^run-/);
  assert.deepEqual(lines.at(-1), {
    kind: "terminal",
    status: "completed",
    result: "It says first line.",
  });
  assert.ok(lines.slice(1, -1).every(({ kind }) => kind === "event"));
});

Deno.test("run() --quiet prints the result alone", async () => {
  using ground = new Playground({ "a.txt": "first line\n" });
  const script = writeScript(ground, TALK);
  const { code, stdout, stderr } = await run(ground, ["--quiet", "--script", script, "go"]);
  assert.deepEqual({ code, stdout, stderr }, {
    code: 0,
    stdout: "It says first line.\n",
    stderr: "",
  });
});

Deno.test("run() --echo says the task again without a model", async () => {
  using ground = new Playground();
  const { code, stdout, stderr } = await run(ground, ["--echo", "--quiet", "hello", "there"]);
  assert.deepEqual({ code, stdout, stderr }, {
    code: 0,
    stdout: "echo: hello there\n",
    stderr: "",
  });
});

const SLEEP = `
turns:
  - text: so far
    tool_calls: [{ name: Sleep, arguments: { seconds: 300 } }]
`;
const ROUNDS = `
turns:
  - text: so far
    tool_calls: [{ name: Sleep, arguments: { seconds: 0 } }]
  - text: never
`;
const FAILING = `
turns:
  - error: { status: 400, message: no such model }
`;

type Ending = {
  readonly args: readonly string[];
  readonly script?: string;
  readonly code: number;
  readonly says: RegExp;
};

const ENDINGS: Readonly<Record<string, Ending>> = {
  "1 when the model fails": {
    args: ["go"],
    script: FAILING,
    code: 1,
    says: /sheath: LLM error: scripted: HTTP 400: no such model/,
  },
  "2 without a task": { args: [], script: ROUNDS, code: 2, says: /TASK is missing/ },
  "2 for a script that is none": { args: ["go"], script: "turns: 7", code: 2, says: /turns/ },
  "2 for a script that is not there": {
    args: ["--script", "/no/such.yaml", "go"],
    code: 2,
    says: /no such file/,
  },
  "2 for a model without a server": {
    args: ["--model", "ollama:m", "go"],
    code: 2,
    says: /--base-url/,
  },
  "2 for a workspace without a model": {
    args: ["--workspace", ".", "go"],
    code: 2,
    says: /OPENAI_API_KEY/,
  },
  "2 for a workspace that is missing": {
    args: ["--echo", "--workspace", "missing", "go"],
    code: 2,
    says: /workspace/,
  },
  "2 for a flag it does not know": { args: ["--yolo", "go"], code: 2, says: /--yolo/ },
  "2 for a value that is none": {
    args: ["--echo", "--max-rounds", "many", "go"],
    code: 2,
    says: /max-rounds/,
  },
  "5 at --max-rounds": {
    args: ["--max-rounds", "1", "go"],
    script: ROUNDS,
    code: 5,
    says: /limits\.max_rounds/,
  },
  "124 at --timeout": {
    args: ["--timeout", "1", "go"],
    script: SLEEP,
    code: 124,
    says: /limits\.run_timeout_secs/,
  },
};

for (const [name, { args, script, code, says }] of Object.entries(ENDINGS)) {
  Deno.test(`run() exits ${name}`, async () => {
    using ground = new Playground();
    const scripted = script === undefined ? [] : ["--script", writeScript(ground, script)];
    const exit = await run(ground, [...scripted, ...args]);
    assert.equal(exit.code, code, exit.stderr);
    assert.match(exit.stderr, says);
    assert.doesNotMatch(exit.stderr, /at \w+.*\.js:\d+/, "a stack trace");
    assertLeftNothing(ground);
  });
}

Deno.test("run() cancels on Ctrl-C, prints what there is, exits 4 and leaves nothing", async () => {
  using ground = new Playground();
  const script = writeScript(ground, SLEEP);
  await using process = startRun(ground, ["--json", "--script", script, "go"]);
  await until(() => process.stdout.includes('"tool_start"') || undefined, { what: "tool call" });
  process.kill("SIGINT");
  const { code, stdout, stderr } = await process.exit(5000);
  assert.equal(code, 4, stderr);
  assert.deepEqual(jsonLines(stdout).at(-1), {
    kind: "terminal",
    status: "cancelled",
    result: "so far",
  });
  assertLeftNothing(ground);
});

Deno.test("run() ends its worker when it is killed itself", async () => {
  using ground = new Playground();
  const script = writeScript(ground, SLEEP);
  await using process = startRun(ground, ["--script", script, "go"]);
  const record = await until(
    () => filesUnder(ground.runtime).find((name) => name.endsWith(".json")),
    { what: "record" },
  );
  process.kill("SIGKILL");
  await process.exit();
  const path = join(ground.runtime, record);
  await until(() => existsSync(path) ? undefined : true, { what: "withdrawal", ms: 5000 });
});

function startRun(ground: Playground, args: readonly string[]): SheathProcess {
  const { workspace: cwd, variables } = ground;
  return new SheathProcess(["run", ...args], { variables, cwd });
}

const WRITE = `
turns:
  - tool_calls: [{ name: Write, arguments: { file_path: "{workspace}/made.txt", content: "x" } }]
  - text: end
`;

const ANSWERS: Readonly<Record<string, { args: readonly string[]; isMade: boolean }>> = {
  "writes without asking": { args: [], isMade: true },
  "denies with --ask when nobody can be asked": { args: ["--ask"], isMade: false },
  "denies with --ask --approve never": { args: ["--ask", "--approve", "never"], isMade: false },
  "writes with --ask --approve edits": { args: ["--ask", "--approve", "edits"], isMade: true },
  "writes with --ask --approve all": { args: ["--ask", "--approve", "all"], isMade: true },
};

for (const [name, { args, isMade }] of Object.entries(ANSWERS)) {
  Deno.test(`run() ${name}`, async () => {
    using ground = new Playground();
    const script = writeScript(ground, WRITE);
    const { code, stdout, stderr } = await run(ground, [...args, "--script", script, "write"]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "end\n" }, stderr);
    assert.equal(existsSync(ground.path("made.txt")), isMade, stderr);
    if (!isMade) assert.match(stderr, /denied/);
  });
}

Deno.test("run() --write and --read grant a folder beside the workspace, and that one alone", async () => {
  using ground = new Playground();
  writeFileSync(join(ground.home, "notes.txt"), "first line\n");
  const script = writeScript(
    ground,
    TALK.replaceAll("{workspace}/a.txt", `${ground.home}/notes.txt`),
  );
  const granted = await run(ground, ["--read", ground.home, "--script", script, "go"]);
  assert.equal(granted.code, 0, granted.stderr);
  const refused = await run(ground, ["--read", ground.tmp, "--script", script, "go"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /sandbox\.read|--read/);
});

Deno.test("run() makes control characters in a result harmless on stderr", async () => {
  using ground = new Playground();
  const script = writeScript(
    ground,
    'turns: [{ error: { status: 400, message: "red \\e[31m and \\u202e back" } }]',
  );
  const { stderr } = await run(ground, ["--script", script, "go"]);
  // deno-lint-ignore no-control-regex -- that there is none is what is tested
  assert.doesNotMatch(stderr, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
  assert.match(stderr, /red .*and .*back/);
});
