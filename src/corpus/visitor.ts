// A stranger at a worker's port, who sends what no client of ours would.
import { systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { hangUp, writeAll } from "../links/byte_connection.ts";
import { ByteLink } from "../links/byte_link.ts";
import type { FrameLink } from "../links/frame_link.ts";
import { readHead } from "../links/http_head.ts";
import { upgradeRequest } from "../links/upgrade.ts";
import { WebSocketFraming } from "../links/web_socket_framing.ts";
import { frameHeader, TEXT } from "../links/web_socket_header.ts";
import type { Stage } from "./direct_case.ts";

const ANSWER_BYTES = 1024;
const PATIENCE_MS = 3_000;

/** One who was let in, and may write bytes of its own between frames. */
export type Guest = AsyncDisposable & {
  readonly link: FrameLink;
  /** False if they were not taken, for it was put out. */
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
};

/** Comes in as a host does. Rejects if it is not let. */
export async function enter({ port, token }: Pick<Stage, "port" | "token">): Promise<Guest> {
  const connection = await knock(port);
  try {
    const request = upgradeRequest({ host: `127.0.0.1:${port}`, token });
    await writeAll(connection, request.text);
    const { head, rest } = await readHead(connection);
    if (!request.isAccepted(head)) throw new Error(`not let in: ${head.firstLine}`);
    const framing = new WebSocketFraming("client");
    const link = new ByteLink(connection, { framing, clock: systemClock, early: rest });
    return {
      link,
      write: (bytes) => writeBytes(connection, bytes),
      [Symbol.asyncDispose]: () => link.close(),
    };
  } catch (thrown) {
    hangUp(connection);
    throw thrown;
  }
}

/** A connection on which nothing was said. */
export async function knock(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  return connection;
}

/** Says this and no more; the first line of the answer, empty if there is none. */
export async function answerTo(port: number, pieces: Iterable<Uint8Array>): Promise<string> {
  using connection = await knock(port);
  const answer = firstLineOf(connection);
  for (const piece of pieces) {
    if (!await writeBytes(connection, piece)) break;
  }
  const isAnswered = await settlesWithin(answer, { ms: PATIENCE_MS, clock: systemClock });
  return isAnswered ? await answer : "";
}

/** A text frame as a client sends it; a mask of zeros changes nothing. */
export function textFrame(text: string): Uint8Array {
  return frame(new TextEncoder().encode(text), { opcode: TEXT });
}

export function frame(
  payload: Uint8Array,
  { opcode, isFinal = true }: { readonly opcode: number; readonly isFinal?: boolean },
): Uint8Array {
  const header = frameHeader(payload.length, { opcode, isFinal, mask: new Uint8Array(4) });
  const bytes = new Uint8Array(header.length + payload.length);
  bytes.set(header);
  bytes.set(payload, header.length);
  return bytes;
}

async function writeBytes(connection: Deno.TcpConn, bytes: Uint8Array): Promise<boolean> {
  try {
    for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
    return true;
  } catch {
    return false;
  }
}

async function firstLineOf(connection: Deno.TcpConn): Promise<string> {
  const bytes = new Uint8Array(ANSWER_BYTES);
  let text = "";
  while (!text.includes("\r\n")) {
    const count = await connection.read(bytes).catch(() => null);
    if (count === null) break;
    text += new TextDecoder("latin1").decode(bytes.subarray(0, count));
  }
  return text.split("\r\n", 1)[0] ?? "";
}
