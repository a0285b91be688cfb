import { strict as assert } from "node:assert";
import { resolveToolName } from "../../src/tools/names.ts";

const TABLE: readonly (readonly [name: string, tool: string])[] = [
  ["Read", "Read"],
  ["default::Read", "Read"],
  ["a::b::read_file", "Read"],
  ["execute_command", "Bash"],
  ["executeCommand", "Bash"],
  ["writeFile", "Write"],
  ["list_directory", "Glob"],
  ["applyPatch", "Edit"],
  ["FileExists", "GetFileInfo"],
  ["fileExists", "GetFileInfo"],
  ["get_file_info", "GetFileInfo"],
  ["GetCurrentDir", "Workspace"],
  ["setWorkspace", "Workspace"],
  ["memory_note", "session_note"],
  ["memoryNote", "session_note"],
  ["sleep", "Sleep"],
  ["sub_session_manager", "SubAgent"],
  ["subSessionManager", "SubAgent"],
  ["SubSession", "SubAgent"],
  ["spawnSession", "SubAgent"],
  ["childSession", "SubAgent"],
  ["mcp__server__tool", "mcp__server__tool"],
  ["read", "read"],
  ["__proto__", "__proto__"],
  ["toString", "toString"],
  ["constructor", "constructor"],
  ["::", ""],
  ["", ""],
];

Deno.test("resolveToolName() knows aliases, camel case and namespaces", () => {
  assert.deepEqual(TABLE.map(([name]) => [name, resolveToolName(name)]), TABLE);
});
