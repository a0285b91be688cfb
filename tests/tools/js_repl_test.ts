import { strict as assert } from "node:assert";
import { jsReplTool } from "../../src/tools/js_repl.ts";
import { FakeBox } from "./fake_box.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("js_repl gives the code to a program of its own and tells how it ended", async () => {
  for (const exitCode of [0, 1]) {
    const box = new FakeBox(async (program) => {
      await program.write("2\n");
      program.end(exitCode, { cut: { stdout: true, stderr: false } });
    });
    await using place = new ToolWorld({}, { box });
    const { result, ...rest } = await place.call(jsReplTool, { code: "console.log(1 + 1)" });
    assert.deepEqual(rest, { success: exitCode === 0, display_preference: "Collapsible" });
    assert.deepEqual(JSON.parse(result), {
      stdout: "2\n",
      stderr: "",
      exit_code: exitCode,
      timed_out: false,
      stdout_truncated: true,
      stderr_truncated: false,
    });
    assert.equal(place.emitted, "2\n");
    const { onOutput: _, ...program } = box.last.program;
    assert.deepEqual(program, {
      argv: ["/opt/sheath", "js-repl"],
      cwd: place.path("."),
      input: "console.log(1 + 1)",
      outputBytes: 256 * 1024,
    });
  }
});

Deno.test("js_repl.prepare() needs the whole code, and refuses none, too much and no time", () => {
  const needs = [{ type: "execute_code", code: "1\n2" }];
  assert.deepEqual(jsReplTool.prepare({ code: "1\n2" }), { mutating: true, needs });
  const table: readonly (readonly [args: Record<string, unknown>, message: string])[] = [
    [{ code: "" }, "code: expected some code, got an empty text"],
    [
      { code: "x".repeat(1_000_001) },
      "code: expected at most 1000000 characters of code, got 1000001",
    ],
    [
      { code: "1", timeout_ms: 120_001 },
      "timeout_ms: expected a whole number from 1 to 120000, got 120001",
    ],
  ];
  for (const [args, message] of table) {
    assert.throws(() => jsReplTool.prepare(args), { fault: "bad_input", message });
  }
});
