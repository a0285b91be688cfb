// What an agent tells while it works.
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
