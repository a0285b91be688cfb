import { strict as assert } from "node:assert";
import * as z from "zod";
import { readInput, someText, textList, wholeNumber } from "../../src/tools/input.ts";

const input = z.object({
  text: z.string(),
  some: z.optional(someText("some text")),
  count: z.optional(wholeNumber("how many", { least: 1, most: 9 })),
  from: z.optional(wholeNumber("from where", { least: 0 })),
  line: z.optional(z.int().check(z.minimum(1))),
  on: z._default(z.boolean(), false),
  mode: z.optional(z.enum(["a", "b"])),
});

Deno.test("readInput() keeps what is known, and fills in defaults", () => {
  const raw = { text: "x", count: null, mode: "b", other: 1, ["__proto__"]: { text: 3 } };
  assert.deepEqual(readInput(input, raw), { text: "x", on: false, mode: "b" });
});

Deno.test("readInput() says for each wrong argument what was expected and what came", () => {
  const table: readonly (readonly [raw: Record<string, unknown>, message: string])[] = [
    [{}, "text: expected a string, got nothing"],
    [{ text: null }, "text: expected a string, got nothing"],
    [{ text: 3 }, "text: expected a string, got 3"],
    [{ text: ["a"] }, "text: expected a string, got an array"],
    [{ text: {} }, "text: expected a string, got an object"],
    [{ text: "x", some: "" }, "some: expected some text, got an empty one"],
    [{ text: "x", count: 0 }, "count: expected a whole number from 1 to 9, got 0"],
    [{ text: "x", count: 1.5 }, "count: expected a whole number from 1 to 9, got 1.5"],
    [{ text: "x", count: "3" }, 'count: expected a number, got "3"'],
    [{ text: "x", from: -1 }, "from: expected a whole number of at least 0, got -1"],
    [{ text: "x", line: 0 }, "line: expected at least 1, got 0"],
    [{ text: "x", line: 2.5 }, "line: expected a whole number, got 2.5"],
    [{ text: "x", on: "yes" }, 'on: expected true or false, got "yes"'],
    [{ text: "x", mode: "c" }, 'mode: expected "a" or "b", got "c"'],
    [{ text: 1, on: 2 }, "text: expected a string, got 1; on: expected true or false, got 2"],
  ];
  for (const [raw, message] of table) {
    assert.throws(() => readInput(input, raw), {
      name: "WorkerError",
      fault: "bad_input",
      message,
    });
  }
});

Deno.test("readInput() takes null for left out in objects inside of arguments too", () => {
  const part = z.object({ text: z.string(), more: z.optional(z.string()) });
  const nested = z.object({ parts: z.array(part), part: z.optional(part) });
  const raw = { parts: [{ text: "x", more: null }], part: { text: "y", more: null } };
  assert.deepEqual(readInput(nested, raw), { parts: [{ text: "x" }], part: { text: "y" } });
  assert.throws(() => readInput(nested, { parts: [{ text: null }, null] }), {
    message: "parts.0.text: expected a string, got nothing; parts.1: expected an object, got null",
  });
});

Deno.test("textList() counts its texts, none of them empty", () => {
  const lists = z.object({
    few: z.optional(textList("at most two", { most: 2 })),
  });
  const table: readonly (readonly [raw: Record<string, unknown>, message: string])[] = [
    [{ few: ["a", "b", "c"] }, "few: expected at most 2 texts, got 3"],
    [{ few: ["a", ""] }, "few.1: expected some text, got an empty one"],
    [{ few: "a" }, 'few: expected an array, got "a"'],
    [{ few: [null] }, "few.0: expected a string, got null"],
  ];
  for (const [raw, message] of table) {
    assert.throws(() => readInput(lists, raw), { fault: "bad_input", message });
  }
  assert.deepEqual(readInput(lists, { few: [] }), { few: [] });
});

Deno.test("readInput() cuts a long value it complains of", () => {
  const raw = { text: "x", mode: "m".repeat(10_000) };
  assert.throws(() => readInput(input, raw), (thrown: Error) => thrown.message.length < 150);
});
