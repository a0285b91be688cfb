import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { VERSION } from "../../src/cli/version.ts";

Deno.test("VERSION is the one in deno.json", () => {
  const config = readFileSync(new URL("../../deno.json", import.meta.url), "utf8");
  assert.equal(JSON.parse(config).version, VERSION);
});
