// The header of a WebSocket frame (RFC 6455 section 5.2), as bytes and back; payloads are left alone.

/** Opcodes that mean something here. */
export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

const FINAL = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
const MASK_BYTES = 4;

export type FrameHeader = {
  readonly isFinal: boolean;
  readonly hasReservedBits: boolean;
  readonly opcode: number;
  /** Bytes to XOR the payload with, four in turn. */
  readonly mask: Uint8Array | undefined;
  /** Of the header itself. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
};

/** The header at the start of `bytes`; undefined if there is too little of it yet. */
export function parseFrameHeader(bytes: Uint8Array): FrameHeader | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const lengthBytes = extendedLengthBytes(second & 0x7f);
  const maskStart = 2 + lengthBytes;
  const isMasked = (second & MASKED) !== 0;
  const headerBytes = maskStart + (isMasked ? MASK_BYTES : 0);
  if (bytes.length < headerBytes) return undefined;
  return {
    isFinal: (first & FINAL) !== 0,
    hasReservedBits: (first & RESERVED) !== 0,
    opcode: first & 0x0f,
    mask: isMasked ? bytes.slice(maskStart, headerBytes) : undefined,
    headerBytes,
    payloadBytes: lengthBytes === 0 ? second & 0x7f : readLength(bytes.subarray(2, maskStart)),
  };
}

/** A header for a payload of `payloadBytes`; the shortest form, as the RFC demands. */
export function frameHeader(payloadBytes: number, options: HeaderOptions): Uint8Array {
  const { opcode, isFinal, mask } = options;
  const short = payloadBytes < 126 ? payloadBytes : payloadBytes < 0x10000 ? 126 : 127;
  const maskStart = 2 + extendedLengthBytes(short);
  const header = new Uint8Array(maskStart + (mask?.length ?? 0));
  header[0] = (isFinal ? FINAL : 0) | opcode;
  header[1] = (mask === undefined ? 0 : MASKED) | short;
  for (let at = maskStart - 1, rest = payloadBytes; at >= 2; at--, rest = Math.floor(rest / 256)) {
    header[at] = rest % 256;
  }
  if (mask !== undefined) header.set(mask, maskStart);
  return header;
}

export type HeaderOptions = {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly mask?: Uint8Array | undefined;
};

/** Masks or unmasks, in place: both are the same. */
export function applyMask(bytes: Uint8Array, mask: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = bytes[at]! ^ mask[at & 3]!;
}

function extendedLengthBytes(short: number): number {
  return short === 127 ? 8 : short === 126 ? 2 : 0;
}

/** Past 2^53 it is no longer exact, but far over every limit all the same. */
function readLength(bytes: Uint8Array): number {
  return bytes.reduce((length, byte) => length * 256 + byte, 0);
}
