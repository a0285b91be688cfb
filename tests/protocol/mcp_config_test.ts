import { strict as assert } from "node:assert";
import * as z from "zod";
import { WorkerError } from "../../src/core/errors.ts";
import { decodeMcpConfig } from "../../src/protocol/mcp_config.ts";
import { fixture, rows } from "./samples.ts";

const casesSchema = z.array(z.object({
  name: z.string(),
  input: z.unknown(),
  decoded_servers: z.array(z.unknown()),
}));

for (const { name, input, decoded_servers } of z.parse(casesSchema, fixture("mcp_config.json"))) {
  Deno.test(`decodeMcpConfig() reads ${name}`, () => {
    assert.deepEqual(decodeMcpConfig(input), decoded_servers);
  });
}

for (const row of rows("decode_ok.json").filter(({ kind }) => kind === "mcp_config")) {
  Deno.test(`decodeMcpConfig() means the same servers as the reference by ${row.why}`, () => {
    assert.deepEqual(written(row.json), written(row.reencoded));
  });
}

Deno.test("decodeMcpConfig() names server and field when one is wrong", () => {
  const cases: readonly (readonly [config: unknown, message: string])[] = [
    [5, "capabilities.mcp: expected an object, got a number"],
    [{ servers: null }, "capabilities.mcp.servers: expected an array, got null"],
    [
      { docs: { command: "x", args: ["-q", 1] } },
      "capabilities.mcp.docs.transport.args[1]: expected a string, got a number",
    ],
    [{ docs: {} }, "capabilities.mcp.docs: expected a command, a url or a transport"],
    [
      { "a\n\u001b[31m": 1 },
      "capabilities.mcp.a??[31m: expected an object, got a number",
    ],
  ];
  for (const [config, message] of cases) {
    assert.throws(() => decodeMcpConfig(config), new WorkerError("bad_input", message));
  }
});

/** What the reference's written form keeps of a server. */
function written(config: unknown): unknown {
  return decodeMcpConfig(config).map(({ id, enabled, transport }) => ({ id, enabled, transport }));
}
