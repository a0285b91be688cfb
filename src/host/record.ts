// A started worker's own record in the fabric: where it says which cage is in force, and what is
// left of it when it was killed.
import type { Clock } from "../base/clock.ts";
import type { Fabric } from "../fabric/fabric.ts";
import type { AgentRecord } from "../protocol/record.ts";

const POLL_MS = 2;
const LEVEL_LABEL = "sandbox=";

/** Waits until the record is there; undefined when `signal` aborts before. */
export async function awaitRecord(
  fabric: Fabric,
  { id, clock }: { readonly id: string; readonly clock: Clock },
  signal: AbortSignal,
): Promise<AgentRecord | undefined> {
  while (!signal.aborted) {
    const record = await fabric.resolve(id);
    if (record) return record;
    await clock.sleep(POLL_MS, signal).catch(() => {/* the loop ends */});
  }
  return undefined;
}

/**
 * Withdraws what a worker that has ended did not: one that was killed could not. Never rejects: a
 * record that stays is void when its lease is over.
 */
export async function removeLeftRecord(
  fabric: Fabric,
  { id, pid }: { readonly id: string; readonly pid: number },
): Promise<void> {
  try {
    const record = await fabric.resolve(id);
    if (record?.pid === pid) await fabric.withdraw(record);
  } catch {
    // The worker could not have used such a fabric either.
  }
}

/** The level in force, from the record's labels; undefined where it is not told. */
export function levelOf({ labels }: AgentRecord): string | undefined {
  return labels.find((label) => label.startsWith(LEVEL_LABEL))?.slice(LEVEL_LABEL.length);
}
