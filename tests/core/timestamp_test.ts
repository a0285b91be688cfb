import { strict as assert } from "node:assert";
import fc from "fast-check";
import { formatTimestamp, readTimestamp, timestampMs } from "../../src/core/timestamp.ts";

const read: readonly (readonly [text: string, kept: string | undefined])[] = [
  ["2026-06-18T09:30:00Z", "2026-06-18T09:30:00Z"],
  [" 2026-6-18 9:30:00 utc ", "2026-06-18T09:30:00Z"],
  ["2026-06-18t09:30:00z", "2026-06-18T09:30:00Z"],
  ["2026-06-18T11:30:00+02:00", "2026-06-18T09:30:00Z"],
  ["2026-06-18T11:30:00 +0200", "2026-06-18T09:30:00Z"],
  ["2026-01-01T00:15:00+00:30", "2025-12-31T23:45:00Z"],
  ["2024-02-28T23:00:00-01:30", "2024-02-29T00:30:00Z"],
  ["2026-06-18T09:30:00.5Z", "2026-06-18T09:30:00.500Z"],
  ["2026-06-18T09:30:00.000001Z", "2026-06-18T09:30:00.000001Z"],
  ["2026-06-18T09:30:00.1234567899Z", "2026-06-18T09:30:00.123456789Z"],
  ["2026-06-18T09:30:00.000Z", "2026-06-18T09:30:00Z"],
  ["2016-12-31T23:59:60.5Z", "2016-12-31T23:59:60.500Z"],
  ["0042-01-01T00:00:00Z", "0042-01-01T00:00:00Z"],
  ["+10000-01-01T00:00:00Z", "+10000-01-01T00:00:00Z"],
  ["-0001-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"],
  ["", undefined],
  ["2026-06-18", undefined],
  ["2026-06-18T09:30Z", undefined],
  ["2026-06-18T09:30:00", undefined],
  ["2026-06-18T09:30:00,5Z", undefined],
  ["2026-02-30T09:30:00Z", undefined],
  ["2026-13-01T09:30:00Z", undefined],
  ["2026-00-01T09:30:00Z", undefined],
  ["2026-06-18T24:00:00Z", undefined],
  ["2026-06-18T09:60:00Z", undefined],
  ["2026-06-18T09:30:61Z", undefined],
  ["2026-06-18T09:30:00+02", undefined],
  ["2026-06-18T09:30:00+02:60", undefined],
  ["10000-01-01T00:00:00Z", undefined],
  ["+999999-01-01T00:00:00Z", undefined],
  [`2026-06-18T09:30:00${" ".repeat(100)}Z`, undefined],
];
for (const [text, kept] of read) {
  Deno.test(`readTimestamp() reads ${JSON.stringify(text.slice(0, 40))} as ${kept}`, () => {
    assert.equal(readTimestamp(text), kept);
  });
}

Deno.test("readTimestamp() refuses every beginning of a time when it is cut", () => {
  const text = "2026-06-18T11:30:00.123456789+02:00";
  assert.equal(readTimestamp(text), "2026-06-18T09:30:00.123456789Z");
  for (let end = 0; end < text.length; end++) {
    assert.equal(readTimestamp(text.slice(0, end)), undefined, text.slice(0, end));
  }
});

Deno.test("formatTimestamp() and timestampMs() are each other's opposite", () => {
  const anytime = fc.integer({ min: -8_000_000_000_000_000, max: 8_000_000_000_000_000 });
  fc.assert(fc.property(anytime, (ms) => {
    const text = formatTimestamp(ms);
    assert.equal(timestampMs(text), ms);
    assert.equal(readTimestamp(text), text);
  }));
  assert.equal(formatTimestamp(0), "1970-01-01T00:00:00Z");
  assert.equal(formatTimestamp(1_781_775_000_120), "2026-06-18T09:30:00.120Z");
});

Deno.test("timestampMs() orders times by when they are", () => {
  assert.equal(timestampMs("2026-06-18T11:30:00+02:00"), Date.UTC(2026, 5, 18, 9, 30));
  assert.equal(timestampMs("2026-06-18T09:30:00.123999Z"), Date.UTC(2026, 5, 18, 9, 30, 0, 123));
  assert.equal(timestampMs("soon"), undefined);
});
