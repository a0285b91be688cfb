// One GET over a connection that is open already: the runtime's own client chooses its connections
// itself. HTTP/1.1, one request a connection, and nothing kept between two.
import { HttpSource, type WebConnection } from "./http_source.ts";

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** Unpacked, read on demand; null where there is none. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
};

const MAX_LINE = 16 * 1024;
const MAX_HEAD = 64 * 1024;
const MAX_LINES = 200;
const MAX_CHUNK_LINE = 1024;
/** Preliminary answers before the one that counts. */
const MAX_PRELIMINARY = 5;

/** @throws Error for an answer that is none, too large in its head, or packed in another way. */
export async function httpGet(
  connection: WebConnection,
  { url, headers }: { readonly url: URL; readonly headers: Headers },
): Promise<HttpAnswer> {
  await writeAll(connection, requestText(url, headers));
  const source = new HttpSource(connection);
  for (let count = 0; count <= MAX_PRELIMINARY; count++) {
    const head = await readHead(source);
    if (head.status >= 200) return { ...head, body: bodyOf(head, source) };
  }
  throw new RangeError("Answer never begins");
}

function requestText({ host, pathname, search }: URL, headers: Headers): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  return [
    `GET ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    ...lines,
    "accept-encoding: gzip",
    "connection: close",
    "\r\n",
  ].join("\r\n");
}

async function writeAll(connection: WebConnection, text: string): Promise<void> {
  let left = Uint8Array.from(text, (character) => character.charCodeAt(0));
  while (left.length > 0) left = left.subarray(await connection.write(left));
}

type Head = Omit<HttpAnswer, "body">;

async function readHead(source: HttpSource): Promise<Head> {
  const [, digits] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(await source.line(MAX_LINE)) ?? [];
  if (digits === undefined) throw new TypeError("Answer is not HTTP/1.1");
  const headers = new Headers();
  let size = 0;
  for (let count = 0; count <= MAX_LINES; count++) {
    const line = await source.line(MAX_LINE);
    if (line === "") return { status: Number(digits), headers };
    size += line.length;
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (size > MAX_HEAD) break;
    if (name === undefined || value === undefined) throw new TypeError("Answer has a bad header");
    headers.append(name, value);
  }
  throw new RangeError(`Answer has a head of more than ${MAX_LINES} lines or ${MAX_HEAD} bytes`);
}

function bodyOf({ status, headers }: Head, source: HttpSource): HttpAnswer["body"] {
  const bytes = bytesOf(headers, source);
  if (status === 204 || status === 304 || bytes === undefined) return null;
  const stream = ReadableStream.from(bytes);
  const packing = headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  switch (packing) {
    case "identity":
    case "":
      return stream;
    case "gzip":
    case "x-gzip":
      return stream.pipeThrough(new DecompressionStream("gzip"));
    default:
      throw new TypeError("Answer is packed in a way that was not asked for");
  }
}

/** Undefined for a body of no bytes. */
function bytesOf(
  headers: Headers,
  source: HttpSource,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> | undefined {
  const coding = headers.get("transfer-encoding");
  if (coding !== null) {
    if (coding.trim().toLowerCase() !== "chunked") {
      throw new TypeError("Answer is coded in a way nobody asked for");
    }
    return chunks(source);
  }
  const length = headers.get("content-length");
  if (length === null) return source.rest();
  if (!/^\d{1,15}$/.test(length)) throw new TypeError("Answer has a bad length");
  return length === "0" ? undefined : source.take(Number(length));
}

async function* chunks(source: HttpSource): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for (;;) {
    const [, digits] = /^([0-9a-f]{1,10})[ \t]*(?:;.*)?$/i.exec(
      await source.line(MAX_CHUNK_LINE),
    ) ?? [];
    if (digits === undefined) throw new TypeError("Answer has a bad chunk");
    const size = parseInt(digits, 16);
    if (size === 0) return;
    yield* source.take(size);
    if (await source.line(MAX_CHUNK_LINE) !== "") throw new TypeError("Answer has a bad chunk");
  }
}
