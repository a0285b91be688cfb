// Keeps one agent's record alive while it is held, and takes it away after that.
import type { Clock } from "../base/clock.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { formatTimestamp } from "../core/timestamp.ts";
import type { AgentRecord } from "../protocol/record.ts";
import type { Fabric } from "./fabric.ts";

/** From each publishing on (wire: lease). */
export const LEASE_MS = 60_000;
const RENEW_MS = 20_000;
/** After a renewal that failed: early enough for many more tries before the lease is over. */
const RETRY_MS = 2_000;

/** A record without its lease. */
export type AgentCard = Omit<AgentRecord, "lease_expires_at">;

export type LeaseOptions = {
  readonly fabric: Fabric;
  readonly clock: Clock;
  /**
   * Called at most once, when the record is lost for good: another agent took its place, or the
   * lease was over before it could be renewed, so that others count this agent as dead.
   */
  onLost(why: WorkerError): void;
  /** Called with the first failure of a row. */
  onTrouble(why: string): void;
};

/** Publishes the record and renews it. Disposing waits for a renewal in progress, then withdraws. */
export async function holdLease(card: AgentCard, options: LeaseOptions): Promise<AsyncDisposable> {
  await options.fabric.publish(leased(card, options.clock));
  const stop = new AbortController();
  const renewing = renewUntil(stop.signal, card, options);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await renewing;
      try {
        await options.fabric.withdraw(leased(card, options.clock));
      } catch (error) {
        options.onTrouble(`Cannot withdraw the record of "${card.agent_id}": ${messageOf(error)}`);
      }
    },
  };
}

/** Judges its own lease by the clock that never jumps: what others see of it may be off. */
async function renewUntil(
  signal: AbortSignal,
  card: AgentCard,
  options: LeaseOptions,
): Promise<void> {
  const { clock } = options;
  let renewedAt = clock.monotonic();
  let state: "kept" | "troubled" = "kept";
  while (await isSlept(state === "kept" ? RENEW_MS : RETRY_MS, clock, signal)) {
    const begunAt = clock.monotonic();
    if (begunAt - renewedAt >= LEASE_MS) return options.onLost(lost(card, "its lease ran out"));
    try {
      const renewal = await options.fabric.renew(leased(card, clock));
      if (renewal === "replaced") {
        return options.onLost(lost(card, "another agent took its place"));
      }
      renewedAt = begunAt;
      state = "kept";
    } catch (error) {
      if (state === "kept") {
        options.onTrouble(`Cannot renew the record of "${card.agent_id}": ${messageOf(error)}`);
      }
      state = "troubled";
    }
  }
}

async function isSlept(ms: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  return await clock.sleep(ms, signal).then(() => true, () => false);
}

function leased(card: AgentCard, clock: Clock): AgentRecord {
  return { ...card, lease_expires_at: formatTimestamp(clock.now() + LEASE_MS) };
}

function lost(card: AgentCard, why: string): WorkerError {
  return new WorkerError("connection_lost", `Cannot keep the record of "${card.agent_id}": ${why}`);
}
