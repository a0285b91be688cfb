import { strict as assert } from "node:assert";
import fc from "fast-check";
import { WorkerError } from "../../src/core/errors.ts";
import { marksOf } from "../../src/core/json_marks.ts";
import { readJson } from "../../src/protocol/json.ts";
import { MAX_JSON_DEPTH } from "../../src/protocol/limits.ts";
import { fixtureText } from "./samples.ts";

const everyForm =
  '{"a":[1,-2.5e+3,true,false,null,"x\\n\\u00e9\\ud83c\\udf3f"],"":{"b":[]},"c":{}}';

Deno.test("readJson() gives what JSON.parse gives when anything was stringified", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(fc.property(anything, fc.constantFrom(0, 2), (value, indent) => {
    const text = JSON.stringify(value, undefined, indent);
    assert.deepEqual(readJson(text), JSON.parse(text));
  }));
});

Deno.test("readJson() takes nothing JSON.parse refuses when a text was damaged", () => {
  const damage = fc.record({
    text: fc.oneof(fc.constant(everyForm), fc.json()),
    at: fc.nat(),
    removed: fc.nat(2),
    added: fc.constantFrom(
      "",
      '"',
      "\\",
      ",",
      ":",
      "[",
      "]",
      "{",
      "}",
      "0",
      "-",
      "e",
      ".",
      "\n",
      "\0",
      "t",
    ),
  });
  fc.assert(
    fc.property(damage, ({ text, at, removed, added }) => {
      const start = at % (text.length + 1);
      const damaged = text.slice(0, start) + added + text.slice(start + removed);
      const wanted = outcome(() => JSON.parse(damaged));
      const got = outcome(() => readJson(damaged));
      if ("value" in got) return assert.deepEqual(got, wanted);
      assert.ok(got.error instanceof WorkerError);
      // Of what JSON.parse takes only these are refused.
      if ("value" in wanted) assert.match(got.error.message, /number too large$|lone surrogate/);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("readJson() refuses every beginning of a text when it is cut", () => {
  for (const text of [everyForm, fixtureText("provision/full.json").trim()]) {
    for (let end = 0; end < text.length; end++) {
      assert.throws(() => readJson(text.slice(0, end)), isBadInput, text.slice(0, end));
    }
  }
});

const refused: readonly (readonly [text: string, message: string])[] = [
  ["", "JSON line 1, column 1: ends too early, expected a value"],
  ["\uFEFF{}", "JSON line 1, column 1: expected a value"],
  ["{} {}", "JSON line 1, column 4: expected the end"],
  ['{\n  "a": 1,\n  "b" 2\n}', 'JSON line 3, column 7: expected ":"'],
  ['{"a":1,}', "JSON line 1, column 8: expected a key in double quotes"],
  ["[1 2]", 'JSON line 1, column 4: expected "," or "]"'],
  ['{"a":1]', 'JSON line 1, column 7: expected "," or "}"'],
  ["[1,]", "JSON line 1, column 4: expected a value"],
  ["[01]", "JSON line 1, column 2: expected a number"],
  ["[1.]", "JSON line 1, column 2: expected a number"],
  ["[-]", "JSON line 1, column 2: expected a number"],
  ["[+1]", "JSON line 1, column 2: expected a value"],
  ["[1e400]", "JSON line 1, column 2: number too large"],
  ["[NaN]", "JSON line 1, column 2: expected a value"],
  ["[tru]", "JSON line 1, column 2: expected a value"],
  ['["\t"]', "JSON line 1, column 3: control character in a string"],
  ['["abc', "JSON line 1, column 6: ends too early, expected the end of a string"],
  ['["abc\\', "JSON line 1, column 7: ends too early, expected the end of a string"],
  ['["\\x"]', "JSON line 1, column 3: bad escape in this string"],
  ['["\\u12"]', "JSON line 1, column 3: bad escape in this string"],
  ['["\\ud83c"]', "JSON line 1, column 3: lone surrogate in this string"],
  ['["\ud83c"]', "JSON line 1, column 1: expected well-formed Unicode"],
  ["\u00a0[]", "JSON line 1, column 1: expected a value"],
];
for (const [text, message] of refused) {
  Deno.test(`readJson() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => readJson(text), new WorkerError("bad_input", message));
  });
}

Deno.test("readJson() marks a key that is given twice and keeps the last value", () => {
  const value = readJson('{"a":1,"b":2,"a":3}');
  assert.deepEqual(value, { a: 3, b: 2 });
  assert.deepEqual([...marksIn(value).repeated], ["a"]);
});

const wholes: readonly (readonly [literal: string, isWhole: boolean])[] = [
  ["0", true],
  ["-1", true],
  ["18446744073709551615", true],
  ["18446744073709551616", false],
  ["-9223372036854775808", true],
  ["-9223372036854775809", false],
  ["1.0", false],
  ["1e0", false],
  ["10E-1", false],
  ["-0", false],
  ["9007199254740993", true],
  ["100000000000000000000000000", false],
];
for (const [literal, isWhole] of wholes) {
  Deno.test(`readJson() tells ${literal} as ${isWhole ? "whole" : "a float"}`, () => {
    const [inObject, inArray] = [readJson(`{"n":${literal}}`), readJson(`[0,${literal}]`)];
    assert.deepEqual(inObject, JSON.parse(`{"n":${literal}}`));
    assert.deepEqual([...marksOf(Object(inObject))?.floats ?? []], isWhole ? [] : ["n"]);
    assert.deepEqual([...marksOf(Object(inArray))?.floats ?? []], isWhole ? [] : ["1"]);
  });
}

Deno.test("readJson() keeps what is nested 127 deep and marks what is deeper", () => {
  const deepest = readJson(nested(MAX_JSON_DEPTH));
  assert.equal(JSON.stringify(deepest), nested(MAX_JSON_DEPTH));
  assert.equal(marksOf(Object(deepest)), undefined);

  const cut = readJson(`{"a":${nested(MAX_JSON_DEPTH)},"b":1}`);
  assert.equal(JSON.stringify(cut), `{"a":${nested(MAX_JSON_DEPTH - 1)},"b":1}`);
  assert.equal(marksIn(cut).tooDeep, true);
});

Deno.test("readJson() refuses the deepest attacks soon and without overflow", () => {
  assert.equal(marksIn(readJson(nested(100_000))).tooDeep, true);
  for (const text of [nested(100_001), "[".repeat(8_000_000), '{"a":'.repeat(1_000_000)]) {
    assert.throws(() => readJson(text), isBadInput);
  }
  const wide = "[".repeat(MAX_JSON_DEPTH) + "[],".repeat(100_000) + "[]" +
    "]".repeat(MAX_JSON_DEPTH);
  assert.equal(JSON.stringify(readJson(wide)), nested(MAX_JSON_DEPTH));
  assert.throws(() => readJson("[".repeat(200) + "}"), isBadInput);
});

Deno.test("readJson() makes __proto__ a plain key", () => {
  const value = readJson('{"__proto__":{"admin":true},"constructor":1}');
  assert.deepEqual(Object.keys(Object(value)), ["__proto__", "constructor"]);
  assert.equal(Reflect.get(Object(value), "admin"), undefined);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(Reflect.get({}, "admin"), undefined);
});

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

function marksIn(value: unknown): NonNullable<ReturnType<typeof marksOf>> {
  const marks = marksOf(Object(value));
  assert.ok(marks);
  return marks;
}

function isBadInput(error: unknown): boolean {
  return error instanceof WorkerError && error.fault === "bad_input";
}

function outcome(run: () => unknown): { readonly value: unknown } | { readonly error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}
