import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { httpGet } from "../../src/gateway/http_get.ts";
import type { WebConnection } from "../../src/gateway/http_source.ts";

/** Gives its bytes in pieces of `size`, then the end, and keeps what it is sent. */
class Replayed implements WebConnection {
  readonly #bytes: Uint8Array;
  readonly #size: number;
  #at = 0;
  sent = "";

  constructor(bytes: Uint8Array, size: number) {
    this.#bytes = bytes;
    this.#size = size;
  }

  read(into: Uint8Array): Promise<number | null> {
    const part = this.#bytes.subarray(this.#at, this.#at + Math.min(this.#size, into.length));
    into.set(part);
    this.#at += part.length;
    return Promise.resolve(part.length === 0 ? null : part.length);
  }

  /** Takes a part only, as a full socket does. */
  write(bytes: Uint8Array): Promise<number> {
    const taken = bytes.subarray(0, 7);
    this.sent += new TextDecoder("latin1").decode(taken);
    return Promise.resolve(taken.length);
  }

  [Symbol.dispose](): void {}
}

const ASKED = { url: new URL("http://a.example:81/b?c=d#e"), headers: new Headers({ "x-a": "1" }) };

function bytesOf(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const bytes = parts.map((part) =>
    typeof part === "string" ? Uint8Array.from(part, (one) => one.charCodeAt(0)) : part
  );
  return new Uint8Array(bytes.flatMap((part) => [...part]));
}

async function got(answer: Uint8Array, size: number): Promise<string> {
  const { status, headers, body } = await httpGet(new Replayed(answer, size), ASKED);
  const text = body === null ? "null" : JSON.stringify(await new Response(body).text());
  return `${status} ${headers.get("x-b") ?? "-"} ${text}`;
}

const OK = "HTTP/1.1 200 OK\r\n";
const PACKED = gzipSync("hello hello");

const ANSWERS: readonly (readonly [expected: string, answer: Uint8Array])[] = [
  ['200 2 "hello"', bytesOf(OK, "X-B: 2 \r\ncontent-length: 5\r\n\r\nhello, more")],
  ['200 - "hello"', bytesOf("HTTP/1.0 200\n\nhello")],
  ['200 1, 2 ""', bytesOf(OK, "x-b: 1\r\nx-b: 2\r\n\r\n")],
  ["200 - null", bytesOf(OK, "content-length: 0\r\n\r\n")],
  ["204 - null", bytesOf("HTTP/1.1 204 No Content\r\n\r\n")],
  ["304 - null", bytesOf("HTTP/1.1 304 \r\ncontent-length: 9\r\n\r\n")],
  ['200 \x91\xff "x"', bytesOf(OK, "x-b: \x91\xff\r\n\r\nx")],
  ['404 - "no"', bytesOf("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno")],
  ['200 3 "ok"', bytesOf("HTTP/1.1 103 Hints\r\nlink: x\r\n\r\n", OK, "x-b: 3\r\n\r\nok")],
  [
    '200 - "hello world"',
    bytesOf(
      OK,
      "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n",
      '006;a="b"\r\n world\r\n0\r\nx-b: late\r\n\r\n',
    ),
  ],
  ['200 - "hello hello"', bytesOf(OK, "content-encoding: gzip\r\n\r\n", PACKED)],
  [
    '200 - "hello hello"',
    bytesOf(
      OK,
      "content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n",
      `${PACKED.length.toString(16)}\r\n`,
      PACKED,
      "\r\n0\r\n\r\n",
    ),
  ],
];

for (const [expected, answer] of ANSWERS) {
  Deno.test(`httpGet() reads ${expected}, however it is cut`, async () => {
    for (let size = 1; size <= answer.length; size++) {
      assert.equal(await got(answer, size), expected, `pieces of ${size}`);
    }
  });
}

const BAD: readonly (readonly [why: RegExp, answer: Uint8Array])[] = [
  [/ends early/, bytesOf("")],
  [/ends early/, bytesOf(OK, "x-b: 1\r\n")],
  [/ends early/, bytesOf(OK, "content-length: 9\r\n\r\nhello")],
  [/ends early/, bytesOf(OK, "transfer-encoding: chunked\r\n\r\n5\r\nhel")],
  [/ends early/, bytesOf(OK, "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n")],
  [/not HTTP\/1\.1/, bytesOf("SSH-2.0-OpenSSH\r\n\r\n")],
  [/not HTTP\/1\.1/, bytesOf("HTTP/2 200\r\n\r\n")],
  [/not HTTP\/1\.1/, bytesOf("HTTP/1.1 2000 OK\r\n\r\n")],
  [/bad header/, bytesOf(OK, "no colon\r\n\r\n")],
  [/bad header/, bytesOf(OK, "a b: c\r\n\r\n")],
  [/bad header/, bytesOf(OK, "a: b\r\n c\r\n\r\n")],
  [/bad length/, bytesOf(OK, "content-length: 1\r\ncontent-length: 2\r\n\r\nab")],
  [/bad length/, bytesOf(OK, "content-length: -1\r\n\r\n")],
  [/bad length/, bytesOf(OK, "content-length: 0x5\r\n\r\nhello")],
  [/bad chunk/, bytesOf(OK, "transfer-encoding: chunked\r\n\r\nhello\r\n")],
  [/bad chunk/, bytesOf(OK, "transfer-encoding: chunked\r\n\r\n-5\r\nhello\r\n")],
  [/bad chunk/, bytesOf(OK, "transfer-encoding: chunked\r\n\r\n2\r\nhello\r\n")],
  [/nobody asked for/, bytesOf(OK, "transfer-encoding: gzip, chunked\r\n\r\n")],
  [/not asked for/, bytesOf(OK, "content-encoding: br\r\n\r\nx")],
  [/more than 200 lines/, bytesOf(OK, "x: y\r\n".repeat(201), "\r\n")],
  [/more than 65536|bytes$/, bytesOf(OK, `x: ${"y".repeat(10_000)}\r\n`.repeat(7), "\r\n")],
  [/a line of more than 16384 bytes/, bytesOf(OK, `x: ${"y".repeat(17_000)}\r\n\r\n`)],
  [/a line of more than 16384 bytes/, bytesOf("H".repeat(20_000))],
  [/never begins/, bytesOf("HTTP/1.1 100 Continue\r\n\r\n".repeat(7))],
];

for (const [why, answer] of BAD) {
  const shown = new TextDecoder("latin1").decode(answer.subarray(0, 60));
  Deno.test(`httpGet() fails for ${JSON.stringify(shown)}`, async () => {
    for (const size of [1, 3, 4096, Infinity]) await assert.rejects(got(answer, size), why);
  });
}

Deno.test("httpGet() sends one request, whole", async () => {
  const connection = new Replayed(bytesOf(OK, "\r\n"), 100);
  await httpGet(connection, ASKED);
  assert.equal(
    connection.sent,
    "GET /b?c=d HTTP/1.1\r\nhost: a.example:81\r\nx-a: 1\r\naccept-encoding: gzip\r\n" +
      "connection: close\r\n\r\n",
  );
});
