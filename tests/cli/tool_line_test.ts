import { strict as assert } from "node:assert";
import { styleFor } from "../../src/cli/style.ts";
import { failedLine } from "../../src/cli/tool_line.ts";

const PLAIN = styleFor({ isColored: false });

function failed(name: string, result: unknown): string {
  const text = typeof result === "string" ? result : JSON.stringify(result);
  return failedLine({ name, argument: "x" }, text, PLAIN);
}

Deno.test("failedLine() tells how a program ended, and the last it had to say", () => {
  const end = { exit_code: 2, timed_out: false, stdout: "out\n", stderr: "first\nlast one\n" };
  assert.equal(failed("Bash", end), "✗ Bash x  exit 2: last one\n");
  assert.equal(failed("Bash", { ...end, stderr: "" }), "✗ Bash x  exit 2: out\n");
  assert.equal(failed("js_repl", { ...end, stderr: "\n", stdout: "" }), "✗ js_repl x  exit 2\n");
  assert.equal(failed("Bash", { ...end, timed_out: true }), "✗ Bash x  timed out: last one\n");
});

Deno.test("failedLine() tells any other failure as it is", () => {
  const end = { exit_code: 2, timed_out: false, stdout: "", stderr: "" };
  assert.equal(failed("Read", end), `✗ Read x  ${JSON.stringify(end)}\n`);
  assert.equal(failed("Bash", "Execution failed: no"), "✗ Bash x  Execution failed: no\n");
  assert.equal(failed("Bash", "{}"), "✗ Bash x  {}\n");
  assert.equal(failedLine(undefined, "gone", PLAIN), "✗ gone\n");
});
