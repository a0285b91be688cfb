// The results of tools that answer in JSON and whose failures are results too.
import { WorkerError } from "../core/errors.ts";
import type { ToolResult } from "../core/tool_result.ts";

/** What `work` returns, as JSON text; a WorkerError it throws becomes a failed result. */
export async function jsonResult(
  signal: AbortSignal,
  work: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<ToolResult> {
  signal.throwIfAborted();
  try {
    const result = JSON.stringify(await work());
    return { success: true, result, display_preference: "json" };
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof WorkerError)) throw thrown;
    return { success: false, result: thrown.message, display_preference: "error" };
  }
}
