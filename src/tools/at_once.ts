// How tools give back what they need not wait for.
import type { AgentToolOutcome } from "./tool.ts";

/** Runs `work` before it returns; rejects with what `work` throws, or the abort reason. */
export function atOnce(
  signal: AbortSignal,
  work: () => AgentToolOutcome,
): Promise<AgentToolOutcome> {
  return Promise.try(() => {
    signal.throwIfAborted();
    return work();
  });
}
