import { strict as assert } from "node:assert";
import { fitting, guidanceMessage, pathsOf } from "../../src/agent/guidance.ts";

const make = { newId: () => "mark", timestamp: () => "2026-06-18T09:30:00Z" };

Deno.test("guidanceMessage() fences the text, tells where it is from, and is never compressed", () => {
  const file = { path: "/w/AGENTS.md", text: "Use tabs.\n=====end=====\ud800", isCut: true };
  const message = guidanceMessage(file, make);
  assert.match(message.content, /^\[The file "\/w\/AGENTS\.md" \(its beginning\) stands between/);
  assert.match(
    message.content,
    /\n=====mark=====\nUse tabs\.\n=====end=====\ufffd\n=====mark=====$/,
  );
  assert.equal(message.never_compress, true);
  assert.equal(message.role, "user");
});

Deno.test("pathsOf() finds what a call names, if its arguments are JSON", () => {
  const call = (args: string) =>
    ({ id: "c", type: "function", function: { name: "Read", arguments: args } }) as const;
  assert.deepEqual(pathsOf(call('{"file_path":"/a","path":3}')), ["/a"]);
  assert.deepEqual(pathsOf(call('{"path":"b"}')), ["b"]);
  for (const none of ["", "[]", "null", '"x"', '{"file_path":', "{}"]) {
    assert.deepEqual(pathsOf(call(none)), []);
  }
});

Deno.test("fitting() cuts the file that has no room, and leaves out those behind it", () => {
  const files = ["aaa", "bbb", "ccc"].map((text) => ({ path: `/${text}`, text, isCut: false }));
  assert.deepEqual(fitting(files, 5), [
    { path: "/aaa", text: "aaa", isCut: false },
    { path: "/bbb", text: "bb", isCut: true },
  ]);
  assert.deepEqual(fitting(files, -3), []);
});
