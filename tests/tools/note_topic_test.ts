import { strict as assert } from "node:assert";
import fc from "fast-check";
import { WorkerError } from "../../src/core/errors.ts";
import { fileOfTopic, readTopic, topicOfFile } from "../../src/tools/note_topic.ts";

const TABLE: readonly (readonly [text: string, topic: string, file: string])[] = [
  ["default", "default", "default.md"],
  [" Open  Questions ", "open questions", "open%20questions.md"],
  ["PLAN", "plan", "plan.md"],
  ["a/b", "a/b", "a%2fb.md"],
  ["..", "..", "%2e%2e.md"],
  ["../../etc/passwd", "../../etc/passwd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd.md"],
  [".git", ".git", "%2egit.md"],
  ["a%2fb", "a%2fb", "a%252fb.md"],
  ["a\\b:c", "a\\b:c", "a%5cb%3ac.md"],
  ["cafe\u0301", "café", "café.md"],
  ["CAFÉ", "café", "café.md"],
  ["ｐｌａｎ", "plan", "plan.md"],
  ["Straße", "strasse", "strasse.md"],
  ["ΣΊΣΥΦΟΣ", "σίσυφος", "σίσυφος.md"],
  ["日本", "日本", "日本.md"],
  ["🧭", "🧭", "🧭.md"],
];

Deno.test("readTopic() spells a topic in one way, and fileOfTopic() names one file for it", () => {
  for (const [text, topic, file] of TABLE) {
    assert.equal(readTopic(text), topic);
    assert.equal(fileOfTopic(topic), file);
    assert.equal(topicOfFile(file), topic);
  }
});

Deno.test("readTopic() refuses what nobody could name again", () => {
  const table: readonly (readonly [text: string, message: string])[] = [
    ["", "topic: expected a name, got only blanks"],
    ["  ", "topic: expected a name, got only blanks"],
    ["a\0b", 'topic: expected visible characters, got "a\\u0000b"'],
    ["a\nb", 'topic: expected visible characters, got "a\\nb"'],
    ["a\u202eb", 'topic: expected visible characters, got "a\\u202eb"'],
    ["a\u200bb", 'topic: expected visible characters, got "a\u200bb"'],
    ["a\ud800", 'topic: expected visible characters, got "a\\ud800"'],
    ["x".repeat(51), "topic: expected at most 50 characters, got 51"],
    ["ß".repeat(26), "topic: expected at most 50 characters, got 52"],
  ];
  for (const [text, message] of table) {
    assert.throws(() => readTopic(text), { fault: "bad_input", message });
  }
  assert.equal(readTopic("🧭".repeat(50)), "🧭".repeat(50));
});

Deno.test("topicOfFile() knows only names that fileOfTopic() gives", () => {
  const names = ["plan", "Plan.md", ".md", "%2Fa.md", "%zz.md", "a b.md", "notes.txt", ".plan.tmp"];
  assert.deepEqual(names.map(topicOfFile), names.map(() => undefined));
});

Deno.test("fileOfTopic() stays in its folder, is short enough and can be read back", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  fc.assert(fc.property(text, (text) => {
    let topic: string;
    try {
      topic = readTopic(text);
    } catch (thrown) {
      return assert.ok(thrown instanceof WorkerError);
    }
    const file = fileOfTopic(topic);
    assert.equal(readTopic(topic), topic);
    assert.equal(topicOfFile(file), topic);
    assert.doesNotMatch(file, /[/\\\0A-Z]|^\./);
    assert.ok(new TextEncoder().encode(file).length <= 203, file);
  }));
});

Deno.test("fileOfTopic() names no device of windows there", () => {
  assert.equal(fileOfTopic("con", "windows"), "%63on.md");
  assert.equal(fileOfTopic("con", "unix"), "con.md");
  assert.equal(fileOfTopic("cons", "windows"), "cons.md");
  assert.equal(decodeURIComponent("%63on"), "con");
});
