import { strict as assert } from "node:assert";
import fc from "fast-check";
import { elementsOf, membersOf, valueStart } from "../../src/tools/json_spans.ts";

Deno.test("membersOf() finds keys and values as they are written", () => {
  const text = ' {"a" : [1,{"b":"}"}] ,\n\t"\\u0063\\"":-1.50e+3, "a":"x\\\\","d":{},"e":null }';
  const members = membersOf(text, valueStart(text)).map(({ key, start, end, value }) => [
    key,
    text.slice(start, end),
    text.slice(value.start, value.end),
  ]);
  assert.deepEqual(members, [
    ["a", '"a" : [1,{"b":"}"}]', '[1,{"b":"}"}]'],
    ['c"', '"\\u0063\\"":-1.50e+3', "-1.50e+3"],
    ["a", '"a":"x\\\\"', '"x\\\\"'],
    ["d", '"d":{}', "{}"],
    ["e", '"e":null', "null"],
  ]);
});

Deno.test("elementsOf() and membersOf() find nothing in what is empty", () => {
  for (const text of ["[]", "[ \n ]"]) assert.deepEqual(elementsOf(text, 0), []);
  for (const text of ["{}", "{ \n }"]) assert.deepEqual(membersOf(text, 0), []);
});

Deno.test("the spans of any JSON text are its parts", () => {
  const indent = fc.constantFrom("", " ", "\t", "    ");
  fc.assert(fc.property(fc.jsonValue(), indent, (value, indent) => {
    const wrapped = { list: [value, [value]], object: { "": value, last: value } };
    const text = JSON.stringify(wrapped, null, indent);
    const [list, object] = membersOf(text, valueStart(text)).map((member) => member.value);
    const parse = ({ start, end }: { start: number; end: number }) =>
      JSON.parse(text.slice(start, end));
    const elements = elementsOf(text, list?.start ?? 0).map(parse);
    const members = membersOf(text, object?.start ?? 0).map((
      { key, value },
    ) => [key, parse(value)]);
    const plain = JSON.parse(text);
    assert.deepEqual(elements, plain.list);
    assert.deepEqual(members, Object.entries(plain.object));
  }));
});
