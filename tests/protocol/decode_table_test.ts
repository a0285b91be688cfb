import { strict as assert } from "node:assert";
import { isObject } from "../../src/core/schema.ts";
import { WorkerError } from "../../src/core/errors.ts";
import { reencode, type Row, rows, rowText } from "./samples.ts";

/** What we write back otherwise than the reference does. */
const writtenOtherwise = new Map([
  [
    "message: empty id stays empty and is left out again",
    "an empty id is no id: one is made up, so that every message can be told from the others",
  ],
]);

for (const row of rows("decode_ok.json")) {
  Deno.test(`${row.kind} accepts ${nameOf(row)}`, () => {
    const written: unknown = JSON.parse(reencode(row.kind, rowText(row)));
    // The reference's written form of servers loses most of them; mcp_config_test.ts looks closer.
    if (row.kind === "mcp_config") return;
    if (writtenOtherwise.has(`${row.kind}: ${row.why}`)) {
      return assert.notDeepEqual(written, row.reencoded);
    }
    assert.deepEqual(written, withGenerated(row.reencoded, written));
  });
}

for (const row of rows("decode_err.json")) {
  Deno.test(`${row.kind} refuses ${nameOf(row)}`, () => {
    assert.throws(() => reencode(row.kind, rowText(row)), isOneLineBadInput);
  });
}

function nameOf(row: Row): string {
  const input = row.kind === "reasoning_effort" ? ` ${rowText(row)}` : "";
  return `${row.why}${input}`;
}

function isOneLineBadInput(error: unknown): boolean {
  return error instanceof WorkerError && error.fault === "bad_input" &&
    /^[\x20-\x7e]+[^.]$/.test(error.message);
}

/** What was expected, with the values filled in that had to be made up. */
function withGenerated(expected: unknown, written: unknown): unknown {
  if (!isObject(expected) || !isObject(written)) return expected;
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => {
      if (value !== "<generated>") return [key, withGenerated(value, written[key])];
      assert.match(
        String(written[key]),
        /^[0-9a-f-]{36}$|^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/,
      );
      return [key, written[key]];
    }),
  );
}
