import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { ByteBuffer } from "../../src/base/byte_buffer.ts";
import { WebSocketFraming } from "../../src/links/web_socket_framing.ts";
import { maskedFrame } from "./sockets.ts";

const MASK = new Uint8Array([1, 2, 3, 4]);

Deno.test("WebSocketFraming reads the same however the bytes are cut", async (t) => {
  const bytes = join([
    frame("{}", 0x81),
    frame("ping", 0x89),
    frame("ü-", 0x01),
    frame("between", 0x89),
    frame("", 0x00),
    frame("ü", 0x80),
    frame("binary", 0x82),
    frame("x".repeat(300), 0x81),
    frame("", 0x81),
    frame("", 0x8a),
    frame("", 0x88),
    frame("after the end", 0x81),
  ]);
  const texts = ["{}", "ü-ü", "x".repeat(300), ""];
  const replies = ["8a0470696e67", "8a076265747765656e"].join("");
  for (let size = 1; size <= 80; size++) {
    await t.step(`chunks of ${size}`, () => {
      assert.deepEqual(readInChunks(bytes, size), { texts, replies, isOver: true });
    });
  }
});

Deno.test("WebSocketFraming reads what the other role writes, at every length of header", () => {
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];
  const texts = [
    ...lengths.map((length) => "x".repeat(length)),
    "ü".repeat(63),
    "€".repeat(30_000),
  ];
  for (const [from, to] of [["client", "server"], ["server", "client"]] as const) {
    const [writer, reader] = [new WebSocketFraming(from), new WebSocketFraming(to)];
    const out = new ByteBuffer();
    for (const text of texts) writer.write(text, out);
    writer.end(out);
    assert.deepEqual([...reader.read(out.filled, new ByteBuffer())], texts);
    assert.equal(reader.isOver, true);
  }
});

Deno.test("write() uses the shortest header", () => {
  const headers = [[125, [0x81, 125]], [126, [0x81, 126, 0, 126]], [65_536, [
    0x81,
    127,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
  ]]] as const;
  for (const [length, header] of headers) {
    const out = new ByteBuffer();
    new WebSocketFraming("server").write("x".repeat(length), out);
    assert.deepEqual([...out.filled.subarray(0, header.length)], header);
    assert.equal(out.length, header.length + length);
  }
});

Deno.test("write() cuts what is longer than a frame may be, and refuses more than a message", () => {
  const [writer, reader] = [new WebSocketFraming("server"), new WebSocketFraming("client")];
  const text = "x".repeat(33 * 1024 * 1024);
  const out = new ByteBuffer();
  writer.write(text, out);
  assert.deepEqual([...out.filled.subarray(0, 10)], [0x01, 127, 0, 0, 0, 0, 1, 0, 0, 0]);
  const [read] = reader.read(out.filled, new ByteBuffer());
  assert.equal(read === text, true);
  const tooLong = () => writer.write(text + text, out);
  assert.throws(tooLong, { name: "WorkerError", fault: "limit" });
});

const breaches: { why: string; bytes: Uint8Array; code: number }[] = [
  { why: "an unmasked frame", bytes: new Uint8Array([0x81, 0]), code: 1002 },
  { why: "reserved bits", bytes: frame("", 0xa1), code: 1002 },
  { why: "an undefined opcode", bytes: frame("", 0x83), code: 1002 },
  { why: "an undefined control opcode", bytes: frame("", 0x8b), code: 1002 },
  { why: "a control frame in pieces", bytes: frame("", 0x09), code: 1002 },
  { why: "a long control frame", bytes: frame("x".repeat(126), 0x89), code: 1002 },
  { why: "a continuation of nothing", bytes: frame("", 0x80), code: 1002 },
  {
    why: "a message inside a message",
    bytes: join([frame("a", 0x01), frame("b", 0x81)]),
    code: 1002,
  },
  { why: "text that is no UTF-8", bytes: maskedFrame(new Uint8Array([0xc3])), code: 1007 },
  { why: "a frame over 16 MiB", bytes: maskedFrame("", { claimedBytes: 2 ** 24 + 1 }), code: 1009 },
];
for (const { why, bytes, code } of breaches) {
  Deno.test(`WebSocketFraming throws at ${why}, as soon as its header tells, and says so at the end`, () => {
    const framing = new WebSocketFraming("server");
    const read = () => [...framing.read(bytes, new ByteBuffer())];
    assert.throws(read, { name: "WorkerError", fault: "bad_input" });
    const out = new ByteBuffer();
    framing.end(out);
    assert.deepEqual([...out.filled], [0x88, 2, code >> 8, code & 0xff]);
  });
}

Deno.test("WebSocketFraming throws when the pieces of a message come to more than 64 MiB", () => {
  const framing = new WebSocketFraming("server");
  const piece = new Uint8Array(16 * 1024 * 1024);
  const read = (bytes: Uint8Array) => [...framing.read(bytes, new ByteBuffer())];
  read(maskedFrame(piece, { firstByte: 0x02 }));
  for (let count = 0; count < 3; count++) read(maskedFrame(piece, { firstByte: 0x00 }));
  assert.throws(() => read(frame("x", 0x80)), { fault: "bad_input" });
});

function frame(payload: string, firstByte: number): Uint8Array {
  return maskedFrame(payload, { firstByte, mask: MASK });
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function readInChunks(bytes: Uint8Array, size: number) {
  const framing = new WebSocketFraming("server");
  const replies = new ByteBuffer();
  const texts: string[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    texts.push(...framing.read(bytes.slice(start, start + size), replies));
  }
  return {
    texts,
    replies: Buffer.from(replies.filled).toString("hex"),
    isOver: framing.isOver,
  };
}
