// Real sockets for the tests of links: temporary folders, and clients that keep no rule.
import { randomBytes } from "node:crypto";
import type { FrameLink } from "../../src/links/frame_link.ts";
import type { FrameListener } from "../../src/links/frame_listener.ts";

export type TemporaryFolder = Disposable & { readonly path: string; names(): string[] };

export function temporaryFolder(): TemporaryFolder {
  const path = Deno.makeTempDirSync({ prefix: "sheath-test-" });
  return {
    path,
    names: () => Array.from(Deno.readDirSync(path), ({ name }) => name).sort(),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

export async function firstLink(listener: FrameListener): Promise<FrameLink> {
  for await (const link of listener.accept()) return link;
  throw new Error("the listener was closed");
}

/** A client that sends what it likes. */
export interface RawClient extends Disposable {
  /** Writes all of it, or as much as the other side takes before it hangs up. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** Everything up to the end of the stream. */
  readToEnd(): Promise<Uint8Array>;
  /** The next piece; empty at the end. */
  read(): Promise<Uint8Array>;
}

export async function rawUnix(path: string): Promise<RawClient> {
  return raw(await Deno.connect({ transport: "unix", path }));
}

export async function rawTcp(endpoint: string): Promise<RawClient> {
  return raw(await Deno.connect({ hostname: "127.0.0.1", port: portOf(endpoint) }));
}

export function portOf(endpoint: string): number {
  return Number(new URL(endpoint).port);
}

/** A raw client behind a finished handshake. */
export async function rawWebSocket(endpoint: string): Promise<RawClient> {
  const client = await rawTcp(endpoint);
  await client.write(handshake(endpoint));
  const answer = new TextDecoder().decode(await client.read());
  if (!answer.startsWith("HTTP/1.1 101 ")) throw new Error(answer);
  return client;
}

/** A good handshake; a header set to undefined is left out. */
export function handshake(
  endpoint: string,
  headers: Record<string, string | undefined> = {},
): string {
  const all = {
    host: `127.0.0.1:${portOf(endpoint)}`,
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  return `GET / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** A masked frame made by hand; `claimedBytes` lies about its length. */
export function maskedFrame(
  payload: Uint8Array | string,
  options: MaskedFrameOptions = {},
): Uint8Array {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const { firstByte = 0x81, claimedBytes = bytes.length, mask = randomBytes(4) } = options;
  const frame = new Uint8Array(14 + bytes.length);
  const view = new DataView(frame.buffer);
  frame[0] = firstByte;
  frame[1] = 0x80 | 127;
  view.setBigUint64(2, BigInt(claimedBytes));
  frame.set(mask, 10);
  for (let at = 0; at < bytes.length; at++) frame[14 + at] = bytes[at]! ^ mask[at & 3]!;
  return frame;
}

type MaskedFrameOptions = { firstByte?: number; claimedBytes?: number; mask?: Uint8Array };

function raw(connection: Deno.Conn): RawClient {
  return {
    async write(bytes) {
      const all = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
      try {
        for (let done = 0; done < all.length;) {
          done += await connection.write(all.subarray(done));
        }
      } catch (error) {
        if (!isHangUp(error)) throw error;
      }
    },
    async readToEnd() {
      const chunks: number[] = [];
      for (let chunk = await read(connection); chunk.length > 0; chunk = await read(connection)) {
        chunks.push(...chunk);
      }
      return new Uint8Array(chunks);
    },
    read: () => read(connection),
    [Symbol.dispose]: () => connection.close(),
  };
}

async function read(connection: Deno.Conn): Promise<Uint8Array> {
  const buffer = new Uint8Array(16 * 1024);
  try {
    return buffer.subarray(0, await connection.read(buffer) ?? 0);
  } catch (error) {
    if (!isHangUp(error)) throw error;
    return buffer.subarray(0, 0);
  }
}

function isHangUp(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionAborted;
}
