import { strict as assert } from "node:assert";
import { Redactor } from "../../src/gateway/redaction.ts";

const KEY = "sk-live+0123/abcdef==";
const REDACTOR = new Redactor([KEY]);
const hex = [...new TextEncoder().encode(KEY)].map((byte) => byte.toString(16).padStart(2, "0"));

const WRITTEN: Record<string, string> = {
  plain: KEY,
  "in a URL": encodeURIComponent(KEY),
  "in a URL, small letters": encodeURIComponent(KEY).toLowerCase(),
  "in JSON with escaped slashes": KEY.replaceAll("/", "\\/"),
  "in JSON with escaped letters": KEY.replace("k", "\\u006b").replace("+", "\\u002B"),
  hex: hex.join(""),
  "hex in capitals": hex.join("").toUpperCase(),
};

Deno.test("redact() takes out a secret in every simple spelling", async (t) => {
  for (const [name, text] of Object.entries(WRITTEN)) {
    await t.step(name, () => {
      assert.equal(REDACTOR.redact(`before ${text} after`), "before [redacted] after");
    });
  }
});

Deno.test("redact() leaves nothing of a secret in base64, whatever stands before it", () => {
  for (const before of ["", "a", "ab", "Bearer "]) {
    const written = btoa(`${before}${KEY}`);
    const left = REDACTOR.redact(`x ${written} y`).replace("[redacted]", "");
    assert.ok(left.length <= 4 + btoa(before).length + 4, left);
  }
});

Deno.test("redact() leaves alone what is too short to be a secret", () => {
  assert.equal(new Redactor(["k", ""]).redact("a key k"), "a key k");
});

Deno.test("stream() finds a secret however the body is cut", async (t) => {
  for (const [name, text] of Object.entries(WRITTEN)) {
    await t.step(name, async () => {
      const start = KEY.slice(0, 9);
      const body = new TextEncoder().encode(
        `{"error":"bad key ${text}"} ${start} ünïcode ${start}`,
      );
      const expected = `{"error":"bad key [redacted]"} ${start} ünïcode ${start}`;
      for (let size = 1; size <= body.length; size++) {
        assert.equal(await redacted(body, size), expected, `chunks of ${size}`);
      }
    });
  }
});

Deno.test("stream() passes on at once what cannot be the start of a secret", async () => {
  const { readable, writable } = REDACTOR.stream();
  const writer = writable.getWriter();
  const reader = readable.getReader();
  writer.write(new TextEncoder().encode("data: hello\n\n"));
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), "data: hello\n\n");
  await Promise.all([writer.close(), reader.read()]);
});

async function redacted(body: Uint8Array<ArrayBuffer>, size: number): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < body.length; at += size) chunks.push(body.slice(at, at + size));
  return await new Response(ReadableStream.from(chunks).pipeThrough(REDACTOR.stream())).text();
}
