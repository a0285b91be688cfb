// What an agent tells while it works, and which of it may never be lost.
import * as z from "zod";
import { plainVariants } from "./event_variants.ts";
import { type Infer, text } from "./schema.ts";
import { tagged } from "./struct.ts";

/**
 * wire: AgentEvent. A host drops types it does not know, so these 41 are all there are. Absent and
 * null differ: a field that has nothing to say is left out; the only ones written as null are
 * `options` of need_clarification and `display_preference` of a tool result.
 */
export type AgentEvent = PlainEvent | SubAgentEvent;

export type AgentEventOf<Type extends AgentEvent["type"]> = Extract<AgentEvent, { type: Type }>;

/** An event of a child, forwarded by its parent. */
export type SubAgentEvent = {
  readonly type: "sub_agent_event";
  readonly parent_session_id: string;
  readonly child_session_id: string;
  readonly event: AgentEvent;
};

type PlainEvent = Infer<ReturnType<typeof plainVariants>[number]>;

export const agentEventSchema: z.ZodMiniType<AgentEvent> = z.lazy(() =>
  tagged("type", [
    ...plainVariants(),
    z.object({
      type: z.literal("sub_agent_event"),
      parent_session_id: text,
      child_session_id: text,
      event: z.lazy((): z.ZodMiniType<AgentEvent> => agentEventSchema),
    }),
  ])
);

/** Whether an event has to arrive: such are never dropped and never joined. */
export function isDurable(event: AgentEvent): boolean {
  switch (event.type) {
    case "sub_agent_event":
      return isDurable(event.event);
    case "tool_start":
    case "tool_complete":
    case "tool_error":
    case "need_clarification":
    case "tool_approval_requested":
    case "child_approval_requested":
    case "task_list_updated":
    case "task_list_item_progress":
    case "task_list_completed":
    case "task_evaluation_completed":
    case "sub_agent_started":
    case "sub_agent_completed":
    case "plan_mode_entered":
    case "plan_mode_exited":
    case "plan_file_updated":
    case "session_title_updated":
    case "session_pinned_updated":
    case "session_created":
    case "session_deleted":
    case "session_cleared":
    case "message_appended":
    case "execution_started":
    case "complete":
    case "cancelled":
    case "error":
      return true;
    case "token":
    case "reasoning_token":
    case "tool_token":
    case "tool_lifecycle":
    case "task_evaluation_started":
    case "gold_evaluation_started":
    case "gold_evaluation_completed":
    case "goal_status_changed":
    case "token_budget_updated":
    case "context_compression_status":
    case "context_summarized":
    case "context_pressure_notification":
    case "sub_agent_heartbeat":
    case "runner_progress":
    case "notification":
      return false;
  }
}
