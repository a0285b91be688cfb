import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { decodeMessage } from "../../src/core/message.ts";
import { decodeChildFrame, decodeParentFrame } from "../../src/protocol/frames.ts";
import { encodeFrame } from "../../src/protocol/encode.ts";
import type { ChildFrame, ParentFrame } from "../../src/protocol/frames.ts";
import { MAX_MESSAGE_BYTES } from "../../src/protocol/limits.ts";

Deno.test("encodeFrame() writes one line and leaves out what has no value", () => {
  const run: ParentFrame = { kind: "run", assignment: "a\nb", reasoning_effort: undefined };
  assert.equal(encodeFrame(run), '{"kind":"run","assignment":"a\\nb"}');
  const terminal: ChildFrame = {
    kind: "terminal",
    status: "completed",
    result: "",
    error: undefined,
  };
  assert.equal(encodeFrame(terminal), '{"kind":"terminal","status":"completed","result":""}');
});

Deno.test("decodeChildFrame() reads our reason of a failed run", () => {
  const frame: ChildFrame = { kind: "terminal", status: "error", error: "x", reason: "budget" };
  assert.deepEqual(decodeChildFrame(encodeFrame(frame)), frame);
  assert.throws(
    () => decodeChildFrame('{"kind":"terminal","status":"error","reason":"bored"}'),
    new WorkerError(
      "bad_input",
      'reason: expected "failed", "refused", "limit", "budget" or "timeout", got another string',
    ),
  );
});

Deno.test("decodeParentFrame() refuses every beginning of a frame when it is cut", () => {
  const text = '{"kind":"run","assignment":"a \\"b\\"","messages":[{"role":"user","content":"x"}]}';
  assert.ok(decodeParentFrame(text));
  for (let end = 0; end < text.length; end++) {
    assert.throws(() => decodeParentFrame(text.slice(0, end)), { name: "WorkerError" });
  }
});

Deno.test("decodeParentFrame() refuses more than 64 MiB unread", () => {
  assert.throws(
    () => decodeParentFrame("[".repeat(MAX_MESSAGE_BYTES + 1)),
    new WorkerError("bad_input", "Cannot read the frame: 65 MiB, expected at most 64 MiB"),
  );
});

Deno.test("decodeMessage() drops what is no message and keeps the rest", () => {
  const frame = decodeParentFrame(JSON.stringify({
    kind: "run",
    assignment: "a",
    messages: [1, null, { role: "robot", content: "x" }, {
      id: "m",
      role: "user",
      content: "x",
      created_at: "2026-06-18T09:30:00Z",
    }],
  }));
  assert.ok(frame.kind === "run");
  assert.deepEqual((frame.messages ?? []).map(decodeMessage), [
    undefined,
    undefined,
    undefined,
    { id: "m", role: "user", content: "x", created_at: "2026-06-18T09:30:00Z" },
  ]);
});

Deno.test("decodeMessage() sees how numbers were written when the text said so", () => {
  const message = '{"role":"user","content":"x","compression_level":1.0}';
  const frame = decodeParentFrame(`{"kind":"run","assignment":"a","messages":[${message}]}`);
  assert.ok(frame.kind === "run");
  assert.deepEqual((frame.messages ?? []).map(decodeMessage), [undefined]);
});
