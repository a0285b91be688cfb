// The mode of a worker that serves one connection after another until none comes (wire: Serve modes).
import type { FrameListener } from "../links/frame_listener.ts";
import { Admission } from "./admission.ts";
import { serveConnection, type ServingOptions } from "./connection.ts";

export type ReusableOptions = ServingOptions & {
  /** Ends the worker when there was no host for so long (wire: limits.idle_timeout_secs). */
  readonly idleTimeoutMs: number;
};

/**
 * Resolves when no host came within the idle time; rejects with the abort reason. The listener and
 * all links are closed in any case.
 */
export async function serveReusable(
  listener: FrameListener,
  options: ReusableOptions,
  signal: AbortSignal,
): Promise<void> {
  await using admission = new Admission(listener, options);
  for (;;) {
    const connection = await admission.next({ ms: options.idleTimeoutMs }, signal);
    if (connection === undefined) return;
    await serveConnection(connection, options, signal);
  }
}
