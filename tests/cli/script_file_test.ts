import { strict as assert } from "node:assert";
import { parseScriptFile } from "../../src/cli/script_file.ts";

Deno.test("parseScriptFile() reads YAML and JSON", () => {
  const expected = { turns: [{ text: "hi", tool_calls: [{ name: "Read" }] }] };
  const yaml = "turns:\n  - text: hi\n    tool_calls:\n      - name: Read\n";
  assert.deepEqual(parseScriptFile(yaml, "s.yaml"), expected);
  assert.deepEqual(parseScriptFile(JSON.stringify(expected), "s.json"), expected);
});

Deno.test("parseScriptFile() refuses what is no script, on one line", async (t) => {
  const cases = [
    ["- a\n- b", /^--script: "s": expected an object with "turns"$/],
    ["", /^--script: "s": expected an object with "turns"$/],
    ["turns: [", /^--script: "s": .+$/],
  ] as const;
  for (const [text, message] of cases) {
    await t.step(JSON.stringify(text), () => {
      assert.throws(() => parseScriptFile(text, "s"), { fault: "bad_input", message });
    });
  }
});
