import { strict as assert } from "node:assert";
import * as z from "zod";
import { markJson } from "../../src/core/json_marks.ts";
import { defaulted, flag, json, list, optional, record, text, u8 } from "../../src/core/schema.ts";
import { struct, tagged } from "../../src/core/struct.ts";

const dog = struct({
  name: text,
  age: optional(u8),
  good: defaulted(flag, true),
  toys: optional(list(text)),
  home: optional(text),
}, { empty: { toys: [] }, aliases: { house: "home" } });

const shape = tagged("type", [
  z.object({ type: z.literal("dot") }),
  z.object({ type: z.literal("disc"), radius: u8, names: optional(list(text)) }),
], { empty: { names: [] } });

const accepted: readonly (readonly [raw: unknown, read: unknown])[] = [
  [{ name: "Rex" }, { name: "Rex", good: true }],
  [{ name: "Rex", age: null, home: null }, { name: "Rex", good: true }],
  [{ name: "Rex", toys: [], color: "red" }, { name: "Rex", good: true }],
  [{ name: "Rex", toys: ["a"], house: "h" }, { name: "Rex", good: true, toys: ["a"], home: "h" }],
  [["Rex"], { name: "Rex", good: true }],
  [["Rex", null, false, ["a"], "h"], { name: "Rex", good: false, toys: ["a"], home: "h" }],
  [Object.assign(Object.create({ age: 3 }), { name: "Rex" }), { name: "Rex", good: true }],
];
for (const [raw, read] of accepted) {
  Deno.test(`struct() reads ${JSON.stringify(raw)}`, () => {
    assert.deepEqual(z.parse(dog, raw), read);
  });
}

const refused: readonly (readonly [raw: unknown, path: readonly string[], message: string])[] = [
  [undefined, [], "missing, expected an object"],
  ["Rex", [], "expected an object, got a string"],
  [{}, ["name"], "missing, expected a string"],
  [{ name: null }, ["name"], "expected a string, got null"],
  [{ name: "Rex", good: null }, ["good"], "expected true or false, got null"],
  [{ name: "Rex", toys: null }, ["toys"], "expected an array, got null"],
  [{ name: "Rex", toys: {} }, ["toys"], "expected an array, got an object"],
  [{ name: "Rex", age: 256 }, ["age"], "expected a whole number from 0 up to 255, got a number"],
  [{ name: "Rex", home: "a", house: "b" }, ["house"], "given twice"],
  [["Rex", 1, true, [], "h", 6], [], "expected an array of at most 5, got 6"],
  [withRepeated({ name: "Rex" }, "name"), ["name"], "given twice"],
];
for (const [raw, path, message] of refused) {
  Deno.test(`struct() refuses ${JSON.stringify(raw)}: ${message}`, () => {
    assert.deepEqual(firstIssue(dog, raw), { path, message });
  });
}

Deno.test("struct() does not mind an unknown field that is given twice", () => {
  assert.deepEqual(z.parse(dog, withRepeated({ name: "Rex" }, "color")), {
    name: "Rex",
    good: true,
  });
});

Deno.test("struct() refuses a float where a whole number belongs, by field and by place", () => {
  const message =
    "expected a whole number from 0 up to 255, got a number not written as a whole one";
  assert.deepEqual(firstIssue(dog, withFloat({ name: "Rex", age: 1 }, "age")), {
    path: ["age"],
    message,
  });
  assert.deepEqual(firstIssue(dog, withFloat(["Rex", 1], "1")), { path: ["age"], message });
});

Deno.test("tagged() reads each variant, also from an array", () => {
  assert.deepEqual(z.parse(shape, { type: "dot", x: 1 }), { type: "dot" });
  assert.deepEqual(z.parse(shape, { type: "disc", radius: 2, names: [] }), {
    type: "disc",
    radius: 2,
  });
  assert.deepEqual(z.parse(shape, ["disc", 2]), { type: "disc", radius: 2 });
  assert.deepEqual(z.parse(shape, ["dot"]), { type: "dot" });
});

Deno.test("tagged() refuses a tag that is missing, unknown or inherited", () => {
  const wanted = 'expected "dot" or "disc"';
  const path = ["type"];
  for (const raw of [{}, [], Object.create({ type: "dot" })]) {
    assert.deepEqual(firstIssue(shape, raw), { path, message: `missing, ${wanted}` });
  }
  for (const type of ["Dot", "constructor", "__proto__"]) {
    assert.deepEqual(firstIssue(shape, { type }), {
      path,
      message: `${wanted}, got another string`,
    });
  }
});

Deno.test("tagged() refuses what is too deep even in a field it does not know", () => {
  const raw = { type: "dot", x: [] };
  markJson(raw).tooDeep = true;
  assert.deepEqual(firstIssue(shape, raw), { path: [], message: "nested too deep" });
});

Deno.test("json and record() take any keys but let none change a prototype", () => {
  const raw: unknown = JSON.parse('{"env":{"__proto__":"x","A":"b"},"any":{"__proto__":{"y":1}}}');
  const read = z.parse(struct({ env: record(text), any: json }), raw);
  assert.deepEqual(Object.keys(read.env), ["A"]);
  assert.equal(Reflect.get(Object(read.any), "y"), undefined);
  assert.equal(Reflect.get({}, "y"), undefined);
});

function firstIssue(schema: z.core.$ZodType, raw: unknown): unknown {
  const [issue] = z.safeParse(schema, raw).error?.issues ?? [];
  return issue && { path: issue.path, message: issue.message };
}

function withRepeated(raw: object, key: string): object {
  markJson(raw).repeated.add(key);
  return raw;
}

function withFloat(raw: object, key: string): object {
  markJson(raw).floats.add(key);
  return raw;
}
