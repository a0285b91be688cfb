import { strict as assert } from "node:assert";
import { builtinTools, findTool } from "../../src/tools/builtin.ts";
import { toolSchemas } from "../../src/tools/schemas.ts";
import { testTool } from "./contract.ts";

const SAMPLES = new Map([
  ["Read", { file_path: "a.txt", offset: 1, limit: 3 }],
  ["Write", { file_path: "a.txt", content: "x" }],
  ["Edit", { file_path: "a.txt", old_string: "x", new_string: "y", line_number: 2 }],
  ["Glob", { pattern: "**/*.ts", path: ".", limit: 3 }],
  ["Grep", { pattern: "x", path: ".", glob: "*.ts", "-i": true, head_limit: 2, multiline: true }],
  ["GetFileInfo", { path: "a.txt" }],
  ["Workspace", { path: "." }],
  ["Sleep", { seconds: 0, reason: "to see" }],
  ["Bash", { command: "ls", timeout: 5, description: "to see", workdir: "." }],
  ["BashOutput", { bash_id: "bash_1", filter: "x", cursor: 0 }],
  ["KillShell", { shell_id: "bash_1", bash_id: "bash_1" }],
  ["js_repl", { code: "1", timeout_ms: 5 }],
  ["NotebookEdit", {
    notebook_path: "a.ipynb",
    cell_id: "one",
    new_source: "1",
    cell_type: "code",
    edit_mode: "replace",
  }],
  ["Task", { tasks: [{ content: "Look", status: "pending", dependsOn: [] }] }],
  ["session_note", { action: "append", content: "x", topic: "plan" }],
  ["request_permissions", {
    reason: "to see",
    permissions: [{ type: "write_file", resource: "/a" }],
  }],
  ["EnterPlanMode", { reason: "to see" }],
  ["ExitPlanMode", { plan: "Look", exit_mode: "default" }],
  ["conclusion_with_options", {
    question: "Go on?",
    conclusion: { summary: "Done", mermaid: { graph: "graph TD; a-->b" } },
    options: ["Yes", "No"],
    allow_custom: false,
  }],
  ["compact_context", { instructions: "keep the names" }],
  ["load_skill", { skill_id: "a" }],
  ["read_skill_resource", { skill_id: "a", resource_path: "b.md", offset: 1, limit: 3 }],
  ["WebFetch", { url: "https://a.example/b", prompt: "what it says" }],
  ["WebSearch", { query: "deno", allowed_domains: ["deno.com"], max_results: 3 }],
]);

for (const tool of builtinTools) {
  const sample = SAMPLES.get(tool.name);
  assert.ok(sample, `no sample for ${tool.name}`);
  testTool(tool, sample);
}

Deno.test("findTool() finds by name, alias and namespace, and nothing else", () => {
  const names = ["Read", "read_file", "readFile", "functions::Read", "toString", "__proto__", ""];
  const found = names.map((name) => findTool(name)?.name);
  assert.deepEqual(found, ["Read", "Read", "Read", "Read", undefined, undefined, undefined]);
});

Deno.test("findTool() leads every tool's own name to that tool, whatever the aliases say", () => {
  for (const tool of builtinTools) assert.equal(findTool(tool.name), tool);
  const names = toolSchemas([]).map(({ function: { name } }) => name);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("toolSchemas() are sorted, without the disabled ones, by alias too", () => {
  const all = [
    "Bash",
    "BashOutput",
    "Edit",
    "EnterPlanMode",
    "ExitPlanMode",
    "GetFileInfo",
    "Glob",
    "Grep",
    "KillShell",
    "NotebookEdit",
    "Read",
    "Sleep",
    "Task",
    "WebFetch",
    "WebSearch",
    "Workspace",
    "Write",
    "compact_context",
    "conclusion_with_options",
    "js_repl",
    "load_skill",
    "read_skill_resource",
    "request_permissions",
    "session_note",
  ];
  assert.deepEqual(toolSchemas([]).map((schema) => schema.function.name), all);
  const some = toolSchemas(["write_file", "Edit", "toString", "execute_command"]);
  const left = all.filter((name) => !["Bash", "Edit", "Write"].includes(name));
  assert.deepEqual(some.map((schema) => schema.function.name), left);
});
