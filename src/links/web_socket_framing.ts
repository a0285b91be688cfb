// WebSocket messages (RFC 6455 sections 5 to 7): text both ways, control frames answered, limits kept.
import { randomFillSync } from "node:crypto";
import { ByteBuffer } from "../base/byte_buffer.ts";
import { WorkerError } from "../core/errors.ts";
import type { Framing } from "./framing.ts";
import { MAX_MESSAGE_BYTES, MAX_PIECE_BYTES } from "../protocol/limits.ts";
import { Utf8Encoder } from "./utf8.ts";
import {
  applyMask,
  BINARY,
  CLOSE,
  CONTINUATION,
  type FrameHeader,
  frameHeader,
  parseFrameHeader,
  PING,
  PONG,
  TEXT,
} from "./web_socket_header.ts";

const MAX_CONTROL_BYTES = 125;
const NORMAL_CLOSURE = 1000;
const PROTOCOL_ERROR = 1002;
const NOT_UTF8 = 1007;
const TOO_BIG = 1009;

export class WebSocketFraming implements Framing {
  readonly #role: "server" | "client";
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #utf8 = new Utf8Encoder();
  readonly #unread = new ByteBuffer();
  /** The message so far, while it comes in several frames. */
  readonly #pieces = new ByteBuffer();
  #message: "none" | "text" | "binary" = "none";
  #isOver = false;
  #closeCode = NORMAL_CLOSURE;

  constructor(role: "server" | "client") {
    this.#role = role;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  *read(chunk: Uint8Array, replies: ByteBuffer): Generator<string> {
    this.#unread.append(chunk);
    while (!this.#isOver) {
      const header = parseFrameHeader(this.#unread.filled);
      if (header === undefined) return;
      this.#check(header);
      const frameBytes = header.headerBytes + header.payloadBytes;
      if (this.#unread.length < frameBytes) return;
      const payload = this.#unread.filled.subarray(header.headerBytes, frameBytes);
      if (header.mask !== undefined) applyMask(payload, header.mask);
      const text = this.#accept(header, payload, replies);
      this.#unread.drop(frameBytes);
      if (text !== undefined) yield text;
    }
  }

  write(text: string, out: ByteBuffer): void {
    const bytes = this.#utf8.encode(text);
    if (bytes.length > MAX_MESSAGE_BYTES) {
      const why = `message is ${bytes.length} bytes, expected at most ${MAX_MESSAGE_BYTES}`;
      throw new WorkerError("limit", `Cannot send: ${why}`);
    }
    let start = 0;
    do {
      const opcode = start === 0 ? TEXT : CONTINUATION;
      const end = Math.min(start + MAX_PIECE_BYTES, bytes.length);
      this.#writeFrame(bytes.subarray(start, end), { opcode, isFinal: end === bytes.length }, out);
      start = end;
    } while (start < bytes.length);
  }

  end(out: ByteBuffer): void {
    const code = new Uint8Array([this.#closeCode >> 8, this.#closeCode & 0xff]);
    this.#writeFrame(code, { opcode: CLOSE, isFinal: true }, out);
  }

  #writeFrame(payload: Uint8Array, kind: { opcode: number; isFinal: boolean }, out: ByteBuffer) {
    const mask = this.#role === "client" ? randomFillSync(new Uint8Array(4)) : undefined;
    out.append(frameHeader(payload.length, { ...kind, mask }));
    const copy = out.append(payload);
    if (mask !== undefined) applyMask(copy, mask);
  }

  /** The text that `payload` completes, if it does. */
  #accept(header: FrameHeader, payload: Uint8Array, replies: ByteBuffer): string | undefined {
    switch (header.opcode) {
      case CLOSE:
        this.#isOver = true;
        return undefined;
      case PING:
        this.#writeFrame(payload, { opcode: PONG, isFinal: true }, replies);
        return undefined;
      case PONG:
        return undefined;
      case TEXT:
      case BINARY:
        this.#message = header.opcode === TEXT ? "text" : "binary";
        if (header.isFinal) return this.#finish(payload);
        this.#pieces.append(payload);
        return undefined;
      case CONTINUATION:
        this.#pieces.append(payload);
        return header.isFinal ? this.#finish(this.#pieces.filled) : undefined;
      default:
        throw this.#breach(PROTOCOL_ERROR, `opcode ${header.opcode} is not defined`);
    }
  }

  /** Binary messages carry nothing (wire: Frames). */
  #finish(bytes: Uint8Array): string | undefined {
    const isText = this.#message === "text";
    this.#message = "none";
    try {
      return isText ? this.#decoder.decode(bytes) : undefined;
    } catch {
      throw this.#breach(NOT_UTF8, "text is not UTF-8");
    } finally {
      this.#pieces.clear();
    }
  }

  #check(header: FrameHeader): void {
    const { opcode, payloadBytes } = header;
    if (header.hasReservedBits) throw this.#breach(PROTOCOL_ERROR, "reserved bits are set");
    if ((header.mask !== undefined) !== (this.#role === "server")) {
      throw this.#breach(PROTOCOL_ERROR, "clients mask what they send, servers do not");
    }
    if (opcode >= CLOSE) {
      if (header.isFinal && payloadBytes <= MAX_CONTROL_BYTES) return;
      throw this.#breach(PROTOCOL_ERROR, "a control frame is short and whole");
    }
    if ((opcode === CONTINUATION) !== (this.#message !== "none")) {
      throw this.#breach(PROTOCOL_ERROR, "frames of messages are out of order");
    }
    if (payloadBytes > MAX_PIECE_BYTES) {
      throw this.#breach(TOO_BIG, `${payloadBytes} bytes a frame`);
    }
    if (this.#pieces.length + payloadBytes > MAX_MESSAGE_BYTES) {
      throw this.#breach(TOO_BIG, `message over ${MAX_MESSAGE_BYTES} bytes`);
    }
  }

  #breach(closeCode: number, why: string): WorkerError {
    this.#closeCode = closeCode;
    return new WorkerError("bad_input", `Cannot read from the peer: ${why}`);
  }
}
