import { strict as assert } from "node:assert";
import * as z from "zod";
import { parseArguments } from "../../src/tools/arguments.ts";
import { findTool } from "../../src/tools/builtin.ts";
import type { Tool } from "../../src/tools/tool.ts";

const input = z.object({ file_path: z.string() });
const STRICT = { name: "Edit", arguments: "strict", input } as const;
const REPAIRED = { name: "Read", arguments: "repaired", input } as const;

const SAMPLES = [
  `{"file_path": "a\\"b\\\\\\u00e9.txt", "offset": 12, "list": [1, {"x": null}, "]}"], "t": true}`,
  `{\n\t"a": {"b": [[], {}, "\\n"]},\n\t"c": "{[,"\n}`,
];

Deno.test("parseArguments() reads what is valid, strict or not", () => {
  for (const text of SAMPLES) {
    const value = JSON.parse(text);
    assert.deepEqual(parseArguments(STRICT, text), { type: "read", value });
    assert.deepEqual(parseArguments(REPAIRED, text), { type: "read", value });
  }
});

Deno.test("parseArguments() refuses every cut of the text of a strict tool", () => {
  for (const text of SAMPLES) {
    for (let length = 0; length < text.length; length++) {
      const parsed = parseArguments(STRICT, text.slice(0, length));
      assert.equal(parsed.type, "refused");
      if (parsed.type !== "refused") continue;
      const start = "Tool policy blocked 'Edit' due to invalid JSON arguments: ";
      assert.ok(parsed.error.startsWith(start) && parsed.error.length > start.length);
    }
  }
});

Deno.test("parseArguments() gives an object for every cut of the text of another tool", () => {
  for (const text of SAMPLES) {
    const whole = JSON.parse(text);
    for (let length = 0; length < text.length; length++) {
      const parsed = parseArguments(REPAIRED, text.slice(0, length));
      assert.equal(parsed.type, "read");
      if (parsed.type !== "read") continue;
      const known = Object.keys(parsed.value).every((key) => Object.hasOwn(whole, key));
      assert.ok(known, `${text.slice(0, length)} → ${JSON.stringify(parsed.value)}`);
    }
  }
});

Deno.test("parseArguments() mends", () => {
  const table: readonly (readonly [text: string, value: unknown])[] = [
    ["", {}],
    ["  ", {}],
    ["null", {}],
    ["[1]", {}],
    ['"text"', {}],
    ["{", {}],
    ['{"a": 1', { a: 1 }],
    ['{"a": "b', { a: "b" }],
    ['{"a": "b\\', { a: "b" }],
    ['{"a": "b\\\\', { a: "b\\" }],
    ['{"a": "b\\u12', { a: "b" }],
    ['{"a": [1, {"b": 2', { a: [1, { b: 2 }] }],
    ['{"a": 1,}', { a: 1 }],
    ['{"a": [1, 2, ], }', { a: [1, 2] }],
    ['{"a": 1,', { a: 1 }],
    ['{"a": ",}', { a: ",}" }],
    ['{"a":', {}],
    ['{"a": tru', {}],
    ["{'a': 1}", {}],
    ['{"a": 1}}', {}],
  ];
  for (const [text, value] of table) {
    assert.deepEqual(parseArguments(REPAIRED, text), { type: "read", value }, text);
  }
});

Deno.test("parseArguments() takes nothing that is nested too deep", () => {
  const deep = `{"a": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const start = "Tool policy blocked 'Edit' due to invalid JSON arguments: ";
  const error = `${start}nested deeper than 64 levels`;
  assert.deepEqual(parseArguments(STRICT, deep), { type: "refused", error });
  assert.deepEqual(parseArguments(REPAIRED, deep), { type: "read", value: {} });
  assert.deepEqual(parseArguments(REPAIRED, "[".repeat(1_000_000)), { type: "read", value: {} });
});

Deno.test("parseArguments() brings old keys to today's names", () => {
  const bash = {
    name: "Bash",
    arguments: "strict",
    input: z.object({ command: z.string() }),
  } as const;
  const table:
    readonly (readonly [tool: Pick<Tool, "name" | "arguments" | "input">, string, unknown])[] = [
      [REPAIRED, '{"path": "a"}', { path: "a", file_path: "a" }],
      [REPAIRED, '{"path": "a", "file_path": "b"}', { path: "a", file_path: "b" }],
      [bash, '{"cmd": "ls"}', { cmd: "ls", command: "ls" }],
      [tool("Glob"), "{}", { pattern: "*" }],
      [tool("Glob"), '{"path": "a", "recursive": true}', {
        path: "a",
        recursive: true,
        pattern: "**/*",
      }],
      [tool("Glob"), '{"recursive": "yes"}', { recursive: "yes", pattern: "*" }],
      [tool("Glob"), '{"pattern": "x", "recursive": true}', { pattern: "x", recursive: true }],
      [tool("GetFileInfo"), '{"path": "a"}', { path: "a" }],
    ];
  for (const [one, text, value] of table) {
    assert.deepEqual(parseArguments(one, text), { type: "read", value }, text);
  }
});

function tool(name: string): Tool {
  const found = findTool(name);
  assert.ok(found);
  return found;
}
