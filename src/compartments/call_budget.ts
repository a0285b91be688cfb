// How many tool calls may still be made, counted where their effects are: in hands and, for the
// web, in the gateway. Both count in one place, and no agent can reach it.
import * as z from "zod";
import { grouped } from "../base/grouped.ts";
import { WorkerError } from "../core/errors.ts";

export const callLimit = z.object({
  limit: z.number(),
  /** One number that all threads share. */
  taken: z.custom<SharedArrayBuffer>((value) => value instanceof SharedArrayBuffer),
});
export type CallLimit = z.output<typeof callLimit>;

/** What the threads are told; undefined for no limit. */
export function newCallLimit(limit: number | undefined): CallLimit | undefined {
  if (limit === undefined) return undefined;
  return { limit, taken: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
}

/** Counts one call, however it ends. @throws WorkerError `budget` when there is none left. */
export function takeCall(counted: CallLimit | undefined): void {
  if (!counted) return;
  const { limit } = counted;
  const taken = new Int32Array(counted.taken);
  if (Atomics.add(taken, 0, 1) < limit) return;
  Atomics.sub(taken, 0, 1);
  const figures = `${grouped(limit)} of ${grouped(limit)} tool calls`;
  throw new WorkerError("budget", `Budget reached: ${figures} (capabilities.budget.tool_calls)`);
}
