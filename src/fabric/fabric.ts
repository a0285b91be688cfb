// The contract of how agents find each other. Members: file_fabric. Suite: tests/fabric/contract.ts.
import type { AgentRecord } from "../protocol/record.ts";

/**
 * Records of live agents, by id. A record is a lease: past its end the agent counts as dead. Ids
 * that are no safe child id are refused with a WorkerError `bad_input`, or are nobody's.
 */
export interface Fabric {
  /** Makes the agent known. A record that another agent left under this id is replaced. */
  publish(record: AgentRecord): Promise<void>;
  /** Puts the later lease into the agent's own record, also if that is gone; never into another's. */
  renew(record: AgentRecord): Promise<Renewal>;
  /** The live agent of this id. */
  resolve(id: string): Promise<AgentRecord | undefined>;
  /** All live agents, sorted by id. */
  discover(): Promise<readonly AgentRecord[]>;
  /** Removes the agent's own record, never another's. Missing is fine. */
  withdraw(record: AgentRecord): Promise<void>;
  /** Removes what is expired or broken. */
  gc(): Promise<void>;
}

/** `replaced`: another agent stands under this id now, and nothing was written. */
export type Renewal = "renewed" | "replaced";

/** Whether two records are of one and the same process, whatever their leases. */
export function isSameAgent(left: AgentRecord, right: AgentRecord): boolean {
  return left.agent_id === right.agent_id && left.pid === right.pid &&
    left.started_at === right.started_at && left.endpoint === right.endpoint;
}
