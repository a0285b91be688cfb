import { strict as assert } from "node:assert";
import type { ByteConnection } from "../../src/links/byte_connection.ts";
import { hasToken, onlyValue, parseHead, readHead } from "../../src/links/http_head.ts";

const HEAD = "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nX-Empty:\r\nA: 1, 2\r\na: 3 \r\n\r\n";
const PARSED = {
  firstLine: "GET / HTTP/1.1",
  headers: new Map([["host", ["127.0.0.1:1"]], ["x-empty", [""]], ["a", ["1, 2", "3"]]]),
};

Deno.test("readHead() reads the same however the bytes are cut", async (t) => {
  const bytes = new TextEncoder().encode(`${HEAD}rest`);
  for (let size = 1; size <= bytes.length; size++) {
    await t.step(`chunks of ${size}`, async () => {
      const connection = chunked(bytes, size);
      const { head, rest } = await readHead(connection);
      assert.deepEqual(head, PARSED);
      const behind = new TextDecoder().decode(rest) + await readText(connection);
      assert.equal(behind, "rest");
    });
  }
});

const refused = [
  {
    why: "an endless head",
    text: `GET / HTTP/1.1\r\nA: ${"x".repeat(17_000)}`,
    fault: "bad_input",
  },
  {
    why: "a whole head that is too long",
    text: `G\r\nA: ${"x".repeat(17_000)}\r\n\r\n`,
    fault: "bad_input",
  },
  { why: "a blank before the colon", text: "G\r\nHost : a\r\n\r\n", fault: "bad_input" },
  { why: "a continued line", text: "G\r\nHost: a\r\n b\r\n\r\n", fault: "bad_input" },
  { why: "a lone line feed", text: "G\r\nHost: a\nOrigin: b\r\n\r\n", fault: "bad_input" },
  { why: "a zero byte", text: "G\r\nHost: a\0\r\n\r\n", fault: "bad_input" },
  { why: "no header name", text: "G\r\n: a\r\n\r\n", fault: "bad_input" },
  {
    why: "an end before it is whole",
    text: "GET / HTTP/1.1\r\nHost: a\r\n",
    fault: "connection_lost",
  },
];
for (const { why, text, fault } of refused) {
  Deno.test(`readHead() rejects ${why}`, async () => {
    const reading = readHead(chunked(new TextEncoder().encode(text), 1_000));
    await assert.rejects(reading, { name: "WorkerError", fault });
  });
}

Deno.test("hasToken() and onlyValue() read lists and repeated names", () => {
  const head = parseHead("G\r\nUpgrade: a, WebSocket\r\nHost: x\r\nA: 1\r\nA: 2\r\n__proto__: p");
  assert.deepEqual(
    [
      hasToken(head, "upgrade", "websocket"),
      hasToken(head, "upgrade", "web"),
      hasToken(head, "b", ""),
    ],
    [true, false, false],
  );
  assert.deepEqual(
    ["host", "a", "b", "__proto__", "constructor"].map((name) => onlyValue(head, name)),
    ["x", undefined, undefined, "p", undefined],
  );
});

function chunked(bytes: Uint8Array, size: number): ByteConnection {
  let at = 0;
  return {
    read(into) {
      if (at >= bytes.length) return Promise.resolve(null);
      const chunk = bytes.subarray(at, at + Math.min(size, into.length));
      into.set(chunk);
      at += chunk.length;
      return Promise.resolve(chunk.length);
    },
    write: () => Promise.reject(new Error("not written to")),
    closeWrite: () => Promise.resolve(),
    close: () => {},
  };
}

async function readText(connection: ByteConnection): Promise<string> {
  const buffer = new Uint8Array(100);
  let text = "";
  for (
    let count = await connection.read(buffer);
    count !== null;
    count = await connection.read(buffer)
  ) {
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return text;
}
