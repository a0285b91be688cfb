// Links over a unix socket in the file system, for our own children; who may reach it is the folder's mode.
import { rmSync } from "node:fs";
import type { Clock } from "../base/clock.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { ByteLink } from "./byte_link.ts";
import { dial } from "./dial.ts";
import type { FrameLink } from "./frame_link.ts";
import type { FrameListener } from "./frame_listener.ts";
import { LineFraming } from "./line_framing.ts";
import { ConnectionListener, type ConnectionSource } from "./listener.ts";

/** `sun_path` without its final zero, where it is shortest (macOS). */
const MAX_PATH_BYTES = 103;
const NOTHING = new Uint8Array();

export type UnixOptions = { readonly clock: Clock };

/**
 * Listens at `path`, which must not exist yet, in a folder that only its user may enter; closing
 * removes it. Throws a WorkerError `bad_input` for a path that cannot become a socket.
 */
export function listenUnix(path: string, options: UnixOptions): FrameListener {
  return new ConnectionListener(bind(path), {
    endpoint: path,
    clock: options.clock,
    ready: (connection) => Promise.resolve(linkOver(connection, options)),
  });
}

/** Throws a WorkerError `connection_lost` if nobody listens there; rejects with the abort reason. */
export async function connectUnix(
  path: string,
  options: UnixOptions,
  signal: AbortSignal,
): Promise<FrameLink> {
  const connect = () => Deno.connect({ transport: "unix", path });
  const shakeHands = (connection: Deno.UnixConn) => Promise.resolve(linkOver(connection, options));
  return await dial({ endpoint: path, connect, shakeHands }, signal);
}

function bind(path: string): ConnectionSource<Deno.UnixConn> {
  const bytes = new TextEncoder().encode(path).length;
  if (bytes > MAX_PATH_BYTES) {
    const why = `path is ${bytes} bytes, expected at most ${MAX_PATH_BYTES}`;
    throw new WorkerError("bad_input", `Cannot listen at "${path}": ${why}`);
  }
  const listener = listenAt(path);
  return {
    accept: () => listener.accept(),
    close() {
      listener.close();
      // The runtime removes it too, at once or when its last operation has ended.
      rmSync(path, { force: true });
    },
  };
}

function listenAt(path: string): Deno.UnixListener {
  try {
    return Deno.listen({ transport: "unix", path });
  } catch (cause) {
    const text = `Cannot listen at "${path}": ${messageOf(cause)}`;
    throw new WorkerError("bad_input", text, { cause });
  }
}

function linkOver(connection: Deno.UnixConn, options: UnixOptions): FrameLink {
  return new ByteLink(connection, { framing: new LineFraming(), early: NOTHING, ...options });
}
