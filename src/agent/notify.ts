// What people are told that has no event of its own.
import type { AgentEvent } from "../core/event.ts";
import type { MessageMaker } from "./history.ts";

export type Note = {
  readonly category: "model" | "context" | "skills";
  readonly priority: "normal" | "high";
  /** A few words. */
  readonly title: string;
  /** One line. */
  readonly body: string;
};

export type Notify = (note: Note) => Promise<void>;

/** wire: AgentEvent notification. */
export function notificationEvent(note: Note, sessionId: string, make: MessageMaker): AgentEvent {
  return {
    type: "notification",
    id: make.newId(),
    session_id: sessionId,
    ...note,
    created_at: make.timestamp(),
  };
}
