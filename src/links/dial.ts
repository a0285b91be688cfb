// The client's side of connecting, whatever the socket: aborts, and failures as WorkerErrors.
import { abortable } from "../base/abortable.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { type ByteConnection, hangUp } from "./byte_connection.ts";
import type { FrameLink } from "./frame_link.ts";

export type DialOptions<Connection> = {
  /** For the message, such as `ws://127.0.0.1:40123`. */
  readonly endpoint: string;
  connect(): Promise<Connection>;
  /** Makes the link; the connection is closed if that fails. */
  shakeHands(connection: Connection): Promise<FrameLink>;
};

/** Throws a WorkerError `connection_lost`; rejects with the abort reason. Leaves nothing open then. */
export async function dial<Connection extends ByteConnection>(
  options: DialOptions<Connection>,
  signal: AbortSignal,
): Promise<FrameLink> {
  signal.throwIfAborted();
  const linking = link(options, signal);
  linking.then((late) => signal.aborted ? late.close() : undefined, () => {/* told below */});
  try {
    return await abortable(linking, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const text = `Cannot connect to ${options.endpoint}: ${messageOf(cause)}`;
    throw new WorkerError("connection_lost", text, { cause });
  }
}

async function link<Connection extends ByteConnection>(
  options: DialOptions<Connection>,
  signal: AbortSignal,
): Promise<FrameLink> {
  const connection = await options.connect();
  const abort = () => hangUp(connection);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await options.shakeHands(connection);
  } catch (error) {
    hangUp(connection);
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
