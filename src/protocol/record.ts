// The file a live agent keeps in its fabric so that others find it.
import { defaulted, type Infer, list, text, u32 } from "../core/schema.ts";
import { struct } from "../core/struct.ts";
import { timestamp } from "../core/timestamp.ts";
import { decode } from "./decode.ts";

export const agentRecordSchema = struct({
  agent_id: text,
  role: text,
  labels: defaulted(list(text), () => []),
  /** `ws://127.0.0.1:<port>`. */
  endpoint: text,
  pid: u32,
  version: defaulted(text, ""),
  started_at: timestamp,
  /** The agent lives while this lies ahead. */
  lease_expires_at: timestamp,
});
/** wire: AgentRecord; every field is always written. */
export type AgentRecord = Infer<typeof agentRecordSchema>;

/** The content of a record file. */
export function decodeRecord(text: string): AgentRecord {
  return decode(agentRecordSchema, text);
}
