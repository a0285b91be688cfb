import { strict as assert } from "node:assert";
import { eachLine } from "../../src/host/log_lines.ts";

async function linesOf(chunks: readonly Uint8Array[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await eachLine(ReadableStream.from(chunks), (line) => lines.push(line));
  return lines;
}

Deno.test("eachLine() gives the same lines however the bytes are cut", async () => {
  const bytes = new TextEncoder().encode("first\nzwölf 🙂\n\nlast");
  for (let size = 1; size <= bytes.length; size++) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    assert.deepEqual(await linesOf(chunks), ["first", "zwölf 🙂", "", "last"]);
  }
});

Deno.test("eachLine() replaces what is no UTF-8 and cuts an endless line", async () => {
  assert.deepEqual(await linesOf([new Uint8Array([0x61, 0xff, 0x0a])]), ["a\ufffd"]);
  const long = await linesOf([new TextEncoder().encode("x".repeat(40_000))]);
  assert.deepEqual(long.map((line) => line.length), [16_384, 16_384, 7_232]);
});

Deno.test("eachLine() ends with what came before the stream broke", async () => {
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new TextEncoder().encode("said\nhalf"));
    throw new Error("gone");
  }
  const lines: string[] = [];
  await eachLine(ReadableStream.from(breaking()), (line) => lines.push(line));
  assert.deepEqual(lines, ["said", "half"]);
});
