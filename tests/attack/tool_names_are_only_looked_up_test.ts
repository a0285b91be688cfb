// Lesson: names and arguments come from the model: what every object has is no tool and no argument,
// and what is disabled is disabled under all its names.
import { strict as assert } from "node:assert";
import { filesUnder, Playground } from "../support/playground.ts";
import type { NamedCall } from "../support/scripted_spec.ts";
import { makeToolCalls } from "../support/tool_calls.ts";

const NO_TOOLS = [
  "__proto__",
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "prototype",
  "then",
  "length",
  "0",
  "",
  " ",
  "Read ",
  "READ",
  "Read\u0000",
  "Read\n",
  "Rea\u0501",
  "../Read",
  "Read::",
  "x::__proto__",
  "mcp__docs__find",
  "N".repeat(100_000),
];

Deno.test("no name that every object has, and none that is nearly a tool's, is a tool", async () => {
  using ground = new Playground({ "a.txt": "canary-77\n" });
  const file_path = ground.path("a.txt");
  const calls = [
    ...NO_TOOLS.map((name): NamedCall => [name, { file_path }]),
    ["Read", { file_path }] as const,
  ];
  const outcomes = await makeToolCalls({ ground, calls });
  const last = outcomes.at(-1);
  for (const [index, { success, text }] of outcomes.slice(0, -1).entries()) {
    assert.ok(!success, `${JSON.stringify(NO_TOOLS[index])} was called`);
    assert.match(text, /^Tool not found/);
    assert.ok(text.length < 1000, "the whole name is told again");
  }
  assert.match(last?.text ?? "", /canary-77/);
});

const DISABLED: Readonly<Record<string, readonly string[]>> = {
  Read: ["Read", "read_file", "readFile", "ns::Read", "a::b::read_file"],
  Write: ["Write", "write_file", "writeFile", "ns::Write"],
  Edit: ["Edit", "apply_patch", "applyPatch", "ns::Edit"],
  Glob: ["Glob", "list_directory", "listDirectory", "ns::Glob"],
  Grep: ["Grep", "ns::Grep"],
  GetFileInfo: ["GetFileInfo", "FileExists", "fileExists", "get_file_info", "getFileInfo"],
  Workspace: ["Workspace", "GetCurrentDir", "SetWorkspace", "setWorkspace"],
  Sleep: ["Sleep", "sleep", "ns::sleep"],
};

const ARGUMENTS = (ground: Playground) => ({
  file_path: ground.path("a.txt"),
  path: ground.workspace,
  pattern: "*",
  content: "changed\n",
  old_string: "canary-77",
  new_string: "changed",
  seconds: 0,
});

Deno.test("a disabled tool is refused under each of its names", async () => {
  using ground = new Playground({ "a.txt": "canary-77\n" });
  const names = Object.values(DISABLED).flat();
  const calls = names.map((name): NamedCall => [name, ARGUMENTS(ground)]);
  const fields = { disabled_tools: Object.keys(DISABLED) };
  const outcomes = await makeToolCalls({ ground, calls, fields });
  const called = outcomes.flatMap(({ success }, index) => success ? [names[index]] : []);
  assert.deepEqual(called, []);
  assert.ok(!JSON.stringify(outcomes).includes("canary-77"));
});

Deno.test("control: the same names call the tools when nothing is disabled", async () => {
  using ground = new Playground({ "a.txt": "canary-77\n" });
  const names = Object.values(DISABLED).flat();
  const calls = names.map((name): NamedCall => [name, ARGUMENTS(ground)]);
  const outcomes = await makeToolCalls({ ground, calls });
  const missing = outcomes.flatMap(({ text }, index) =>
    text.startsWith("Tool not found") ? [names[index]] : []
  );
  assert.deepEqual(missing, []);
});

Deno.test("arguments under names that every object has are no arguments", async () => {
  using ground = new Playground({ "a.txt": "canary-77\n" });
  const path = JSON.stringify(ground.path("a.txt"));
  const made = JSON.stringify(ground.path("made.txt"));
  const calls: NamedCall[] = [
    ["Read", `{"__proto__":{"file_path":${path}}}`],
    ["Read", `{"constructor":{"prototype":{"file_path":${path}}}}`],
    ["Write", `{"__proto__":{"file_path":${made},"content":"x"}}`],
    ["Write", `{"file_path":${made},"__proto__":{"content":"x"}}`],
    ["Read", `{"file_path":["${ground.path("a.txt")}"]}`],
    ["Read", `{"file_path":{"toString":1}}`],
    ["Read", "[".repeat(50_000)],
    ["Write", `{"a":`.repeat(5000) + "1" + "}".repeat(5000)],
    ["Read", ""],
    ["Read", "null"],
  ];
  const outcomes = await makeToolCalls({ ground, calls });
  assert.deepEqual(outcomes.map(({ success }) => success), calls.map(() => false));
  assert.ok(!JSON.stringify(outcomes).includes("canary-77"));
  assert.deepEqual(filesUnder(ground.workspace), ["a.txt"]);
});
