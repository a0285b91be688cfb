// The head of an HTTP/1.1 message, read from a connection and taken apart; what it asks for is judged elsewhere.
import { ByteBuffer } from "../base/byte_buffer.ts";
import { WorkerError } from "../core/errors.ts";
import type { ByteConnection } from "./byte_connection.ts";

const MAX_HEAD_BYTES = 16 * 1024;
const END_OF_HEAD = "\r\n\r\n";

export type HttpHead = {
  /** Request or status line. */
  readonly firstLine: string;
  /** By small-letter name; a name that came twice holds both values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
};

/**
 * Reads up to the end of the head; `rest` is what had come behind it. Throws a WorkerError
 * `bad_input` for what is no such head, `connection_lost` if the peer ends before it is whole.
 */
export async function readHead(
  connection: ByteConnection,
): Promise<{ readonly head: HttpHead; readonly rest: Uint8Array }> {
  const received = new ByteBuffer();
  const buffer = new Uint8Array(MAX_HEAD_BYTES);
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) throw new WorkerError("connection_lost", "Peer left during the handshake");
    received.append(buffer.subarray(0, count));
    const text = new TextDecoder("latin1").decode(received.filled);
    const end = text.indexOf(END_OF_HEAD);
    if (end > MAX_HEAD_BYTES || (end === -1 && text.length > MAX_HEAD_BYTES)) {
      throw badHead(`head is longer than ${MAX_HEAD_BYTES} bytes`);
    }
    if (end === -1) continue;
    return {
      head: parseHead(text.slice(0, end)),
      rest: received.filled.slice(end + END_OF_HEAD.length),
    };
  }
}

/** `text` without the empty line that ends it. Throws a WorkerError `bad_input`. */
export function parseHead(text: string): HttpHead {
  const [firstLine = "", ...lines] = text.split("\r\n");
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    // A strict name: no blank before the colon, no continued line.
    const [, name, value] = line.match(/^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)$/) ?? [];
    if (name === undefined || value === undefined) throw badHead("malformed header line");
    const values = headers.get(name.toLowerCase()) ?? [];
    headers.set(name.toLowerCase(), [...values, value.trimEnd()]);
  }
  return { firstLine, headers };
}

/** True if one of the comma-separated words of header `name` is `token`, in letters of any size. */
export function hasToken(head: HttpHead, name: string, token: string): boolean {
  const words = (head.headers.get(name) ?? []).flatMap((value) => value.split(","));
  return words.some((word) => word.trim().toLowerCase() === token);
}

/** The value of a header that may stand there once; undefined if it is absent or repeated. */
export function onlyValue(head: HttpHead, name: string): string | undefined {
  const values = head.headers.get(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}

function badHead(why: string): WorkerError {
  return new WorkerError("bad_input", `Cannot read the handshake: ${why}`);
}
