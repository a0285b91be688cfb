// From data to the text a peer reads. Fields without a value are left out; see the types for null.
import type { BrokerFrame, ClientFrame } from "./broker.ts";
import type { ChildFrame, ParentFrame } from "./frames.ts";
import type { AgentRecord } from "./record.ts";
import type { ProvisionSpec } from "./spec.ts";

/** One frame, in one line. */
export function encodeFrame(frame: ParentFrame | ChildFrame | ClientFrame | BrokerFrame): string {
  return JSON.stringify(frame);
}

/** The content of a record file, for people too. */
export function encodeRecord(record: AgentRecord): string {
  return JSON.stringify(record, undefined, 2);
}

/** What a worker reads from stdin. */
export function encodeSpec(spec: ProvisionSpec): string {
  return JSON.stringify(spec);
}
