import { strict as assert } from "node:assert";
import { Redaction, redactText, spellings } from "../../src/gateway/redaction.ts";

const KEY = "sk-live+0123/abcdef==";
const NEEDLES = spellings([KEY]);

Deno.test("redactText() takes out a secret in every simple spelling", async (t) => {
  const written: Record<string, string> = {
    plain: KEY,
    "in a URL": encodeURIComponent(KEY),
    base64: btoa(KEY).replace(/=+$/, ""),
    hex: [...new TextEncoder().encode(KEY)].map((byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    ),
  };
  for (const [name, text] of Object.entries(written)) {
    await t.step(name, () => {
      assert.equal(redactText(`before ${text} after`, NEEDLES), "before [redacted] after");
    });
  }
});

Deno.test("spellings() leaves out what is too short to be a secret", () => {
  assert.deepEqual(spellings(["k", ""]), []);
});

Deno.test("Redaction finds a secret however the body is cut", async () => {
  const body = new TextEncoder().encode(`{"error":"bad key ${KEY}"} ${KEY.slice(0, 9)} ünïcode`);
  const expected = `{"error":"bad key [redacted]"} ${KEY.slice(0, 9)} ünïcode`;
  for (let size = 1; size <= body.length; size++) {
    assert.equal(await redacted(body, size), expected, `chunks of ${size}`);
  }
});

Deno.test("Redaction passes on at once what cannot be the start of a secret", async () => {
  const { readable, writable } = new Redaction(NEEDLES);
  const writer = writable.getWriter();
  const reader = readable.getReader();
  writer.write(new TextEncoder().encode("data: hello\n\n"));
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), "data: hello\n\n");
  await Promise.all([writer.close(), reader.read()]);
});

async function redacted(body: Uint8Array, size: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += size) chunks.push(body.slice(at, at + size));
  return await new Response(ReadableStream.from(chunks).pipeThrough(new Redaction(NEEDLES))).text();
}
