import { strict as assert } from "node:assert";
import { readPlainYaml } from "../../src/core/plain_yaml.ts";

Deno.test("readPlainYaml() reads data", () => {
  const yaml = readPlainYaml("a: [1, x, true, null]\nb: { c: 1.5 }\n");
  assert.deepEqual(yaml.type === "yaml" && yaml.value, { a: [1, "x", true, null], b: { c: 1.5 } });
});

Deno.test("readPlainYaml() says where and why it is none", async (t) => {
  const cases: [string, number, RegExp][] = [
    ["a: 1\nb: *a\n", 8, /^aliases are not read here$/],
    ["a: &a 1\nb: *a\n", 11, /^aliases are not read here$/],
    ["a: 1\na: 2\n", 5, /^not YAML: /],
    ["a: !x 1\n", 3, /^not YAML: /],
    ["[".repeat(20_000), 0, /^(nested too deep|not YAML: )/],
  ];
  for (const [text, at, why] of cases) {
    await t.step(text.slice(0, 20), () => {
      const yaml = readPlainYaml(text);
      assert.ok(yaml.type === "bad");
      assert.match(yaml.why, why);
      if (text.length < 100) assert.equal(yaml.at, at);
    });
  }
});
