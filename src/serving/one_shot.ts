// The mode of a worker that serves one connection and ends (wire: Serve modes).
import { WorkerError } from "../core/errors.ts";
import type { FrameListener } from "../links/frame_listener.ts";
import { Admission } from "./admission.ts";
import { serveConnection, type ServingOptions } from "./connection.ts";

const ACCEPT_MS = 120_000;

/**
 * Resolves when the one host that counts has been served, however its runs ended. Throws a
 * WorkerError `timeout` if none came in time; rejects with the abort reason. The listener and all
 * links are closed in any case.
 */
export async function serveOneShot(
  listener: FrameListener,
  options: ServingOptions,
  signal: AbortSignal,
): Promise<void> {
  await using admission = new Admission(listener, options);
  const connection = await admission.next({ ms: ACCEPT_MS }, signal);
  if (connection === undefined) {
    const seconds = ACCEPT_MS / 1_000;
    throw new WorkerError("timeout", `serve: protocol: no connection within ${seconds}s; exiting`);
  }
  await Promise.all([admission.close(), serveConnection(connection, options, signal)]);
  signal.throwIfAborted();
}
