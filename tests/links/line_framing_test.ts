import { strict as assert } from "node:assert";
import { ByteBuffer } from "../../src/base/byte_buffer.ts";
import { LineFraming } from "../../src/links/line_framing.ts";
import { MAX_MESSAGE_BYTES } from "../../src/protocol/limits.ts";

Deno.test("LineFraming reads what it writes", () => {
  const texts = ['{"a":"ü"}', "", "{}"];
  const out = new ByteBuffer();
  for (const text of texts) new LineFraming().write(text, out);
  assert.equal(new TextDecoder().decode(out.filled), '{"a":"ü"}\n\n{}\n');
  assert.deepEqual([...new LineFraming().read(out.filled)], texts);
});

Deno.test("write() refuses a line that no peer would take", () => {
  const out = new ByteBuffer();
  const write = () => new LineFraming().write("ü".repeat(MAX_MESSAGE_BYTES / 2 + 1), out);
  assert.throws(write, { name: "WorkerError", fault: "limit" });
  assert.equal(out.length, 0);
});
