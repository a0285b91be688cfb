import { strict as assert } from "node:assert";
import { isTorn, nextLine, NO_LINE, readLink, sha256 } from "../../src/audit/entry.ts";
import { entry } from "./chain.ts";

const REFUSED = (reason: string) =>
  entry(1, { kind: "tool_refused", facts: { tool_name: "Read", reason } });

Deno.test("nextLine() writes one line of ASCII that ends with the hash before", () => {
  const line = nextLine(NO_LINE, REFUSED("a\nb\x7f\x85ü\u202e🙂"));
  assert.equal(
    line,
    '{"seq":1,"at":"2026-06-18T10:00:00Z","mono_ms":10,"epoch":1,"kind":"tool_refused",' +
      '"tool_name":"Read","reason":"a\\nb\\u007f\\u0085\\u00fc\\u202e\\ud83d\\ude42",' +
      `"prev":"${NO_LINE}"}`,
  );
  assert.equal(JSON.parse(line).reason, "a\nb\x7f\x85ü\u202e🙂");
});

Deno.test("nextLine() cuts what is too long, and says so", () => {
  const long = "x".repeat(5000);
  const reasonOf = (text: string) => JSON.parse(nextLine(NO_LINE, REFUSED(text))).reason;
  assert.equal(
    reasonOf(long),
    `${"x".repeat(4096)}… [of 5000 characters, sha256 ${sha256(long)}]`,
  );
  assert.equal(reasonOf("x".repeat(4096)), "x".repeat(4096));
});

Deno.test("readLink() reads entries and nothing else", async (t) => {
  const link = { seq: 1, epoch: 2, kind: "end", prev: NO_LINE };
  assert.deepEqual(readLink(JSON.stringify({ ...link, at: "x" })), link);
  assert.deepEqual(readLink(JSON.stringify({ ...link, after: NO_LINE })), {
    ...link,
    after: NO_LINE,
  });
  const others = [
    {},
    [],
    null,
    7,
    { ...link, seq: 0 },
    { ...link, seq: "1" },
    { ...link, epoch: 1.5 },
    { ...link, kind: 1 },
    { ...link, prev: "0" },
  ];
  for (const other of others) {
    const line = JSON.stringify(other);
    await t.step(line, () => assert.equal(readLink(line), undefined));
  }
});

Deno.test("isTorn() holds for every beginning of the entry that comes next", () => {
  const line = nextLine(NO_LINE, REFUSED("why"));
  for (let end = 1; end < line.length; end++) assert.ok(isTorn(line.slice(0, end), 1), `${end}`);
  assert.ok(!isTorn(line, 1), "whole");
  assert.ok(!isTorn(line.slice(0, 50), 2), "another entry's");
  for (const other of ["", "x", '{"sequel":1,', "\0\0\0"]) assert.ok(!isTorn(other, 1), other);
});
