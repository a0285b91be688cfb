import { strict as assert } from "node:assert";
import fc from "fast-check";
import { demandFewLines, replaceAll, replaceOne } from "../../src/tools/edit_text.ts";

Deno.test("replaceOne() replaces the one place, or the one nearest to a line", () => {
  const text = "a\nx\nb\nx\nc\nx\n";
  const one = replaceOne("one two", { oldString: "two", newString: "2\n3" });
  assert.deepEqual(one, { text: "one 2\n3", replacements: 1, changedBytes: 6, touchedLines: 2 });
  const table: readonly (readonly [line: number, result: string])[] = [
    [1, "a\ny\nb\nx\nc\nx\n"],
    [2, "a\ny\nb\nx\nc\nx\n"],
    [4, "a\nx\nb\ny\nc\nx\n"],
    [99, "a\nx\nb\nx\nc\ny\n"],
  ];
  for (const [lineNumber, result] of table) {
    assert.equal(replaceOne(text, { oldString: "x", newString: "y", lineNumber }).text, result);
  }
});

Deno.test("replaceOne() takes text as text, never as a pattern", () => {
  const replacement = { oldString: "a.*(b)$", newString: "$& $1 \\n" };
  assert.equal(replaceOne("axb a.*(b)$", replacement).text, "axb $& $1 \\n");
});

Deno.test("replaceOne() keeps CRLF line ends when the model writes LF", () => {
  const text = "a\r\nb\r\nc\r\n";
  const replaced = replaceOne(text, { oldString: "a\nb", newString: "x\ny\nz" });
  assert.equal(replaced.text, "x\r\ny\r\nz\r\nc\r\n");
  assert.equal(
    replaceOne(text, { oldString: "b", newString: "y\nz" }).text,
    "a\r\ny\r\nz\r\nc\r\n",
  );
  assert.equal(replaceOne("a\nb\r\n", { oldString: "a\nb", newString: "c" }).text, "c\r\n");
});

Deno.test("replaceOne() says why it cannot tell the place", () => {
  const x = { oldString: "x", newString: "y" };
  const table:
    readonly (readonly [text: string, lineNumber: number | undefined, message: string])[] = [
      [
        "abc",
        undefined,
        "old_string: not found in the file; Read it again and copy the text exactly, indentation \
included, without the line numbers",
      ],
      [
        "x\nx",
        undefined,
        "old_string: found 2 times, on lines 1, 2; add lines around it to make it unique, \
give line_number, or set replace_all",
      ],
      [
        "x\na\nx",
        2,
        "line_number: found 2 times, on lines 1, 3, several equally near to 2",
      ],
      [
        "x".repeat(60),
        1,
        "line_number: found at least 50 times, on lines 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, \
several equally near to 1",
      ],
    ];
  for (const [text, lineNumber, message] of table) {
    assert.throws(() => replaceOne(text, { ...x, lineNumber }), { fault: "bad_input", message });
  }
});

Deno.test("replaceAll() replaces every place within its limits", () => {
  const all = replaceAll("foo foo\nfoo", { oldString: "foo", newString: "ba" });
  assert.deepEqual(all, { text: "ba ba\nba", replacements: 3, changedBytes: 15, touchedLines: 3 });
  assert.equal(replaceAll("aaaa", { oldString: "aa", newString: "b" }).text, "bb");
  assert.equal(replaceAll("ab".repeat(8), { oldString: "ab", newString: "" }).text, "");
});

Deno.test("replaceAll() refuses what goes past its limits", () => {
  const table: readonly (readonly [text: string, oldString: string, start: string])[] = [
    ["a a", "a", "old_string: expected at least 2 visible characters with replace_all"],
    ["{ }", " }\n", "old_string: expected at least 2 visible characters with replace_all"],
    ["ab".repeat(9), "ab", "replace_all: found in 9 places, expected at most 8"],
    ["ab".repeat(99), "ab", "replace_all: found in at least 50 places, expected at most 8"],
    ["xx", "ab", "old_string: not found in the file"],
    [
      `ab\n${"x\n".repeat(50)}`.repeat(2),
      `ab\n${"x\n".repeat(40)}`,
      "old_string: touches 82 lines",
    ],
  ];
  for (const [text, oldString, start] of table) {
    assert.throws(() => replaceAll(text, { oldString, newString: "" }), (thrown: Error) => {
      assert.ok(thrown.message.startsWith(start), thrown.message);
      return true;
    });
  }
});

Deno.test("demandFewLines() passes on what touches few lines", () => {
  const edited = { text: "", replacements: 1, changedBytes: 0, touchedLines: 120 };
  assert.equal(demandFewLines(edited, 120), edited);
  assert.throws(() => demandFewLines(edited, 119), {
    fault: "bad_input",
    message: "old_string: touches 120 lines, expected at most 119; edit in smaller steps, \
with patch, or Write the whole file",
  });
});

Deno.test("replaceOne() changes a place that occurs once, and nothing else", () => {
  const part = fc.string({ maxLength: 30 }).filter((text) => !/[<>\r]/.test(text));
  fc.assert(fc.property(part, part, part, (before, after, newString) => {
    const { text } = replaceOne(`${before}<>${after}`, { oldString: "<>", newString });
    assert.equal(text, before + newString + after);
  }));
});
