// The list of tasks an agent keeps for itself. Its schemas are built when first read with.
import * as z from "zod";
import { defaulted, flag, type Infer, list, oneOf, optional, text, u32 } from "./schema.ts";
import { struct } from "./struct.ts";
import { timestamp } from "./timestamp.ts";

export const taskStatusSchema = oneOf("pending", "in_progress", "completed", "blocked");
export type TaskStatus = Infer<typeof taskStatusSchema>;

const evidenceSchema = z.lazy(() =>
  struct({
    kind: defaulted(
      oneOf("note", "tool_call", "file", "command", "test", "observation"),
      "note",
    ),
    summary: text,
    reference: optional(text),
    tool_name: optional(text),
    tool_call_id: optional(text),
    round: optional(u32),
    success: optional(flag),
  }, { aliases: { ref: "reference" } })
);

const blockerSchema = z.lazy(() =>
  struct({
    kind: defaulted(
      oneOf("user_input", "dependency", "tool_failure", "external", "unknown"),
      "unknown",
    ),
    summary: text,
    waiting_on: optional(text),
  })
);

const transitionSchema = z.lazy(() =>
  struct({
    from_status: taskStatusSchema,
    to_status: taskStatusSchema,
    reason: optional(text),
    round: optional(u32),
    changed_at: timestamp,
  })
);

/** The four lists at the end are left out when they are empty. */
export const taskItemSchema = z.lazy(() =>
  struct({
    id: text,
    description: text,
    status: taskStatusSchema,
    depends_on: defaulted(list(text), () => []),
    notes: defaulted(text, ""),
    active_form: optional(text),
    parent_id: optional(text),
    phase: defaulted(oneOf("planning", "execution", "verification", "handoff"), "execution"),
    priority: defaulted(oneOf("low", "medium", "high", "critical"), "medium"),
    completion_criteria: optional(list(text)),
    evidence: optional(list(evidenceSchema)),
    blockers: optional(list(blockerSchema)),
    transitions: optional(list(transitionSchema)),
  }, {
    aliases: { activeForm: "active_form" },
    empty: { completion_criteria: [], evidence: [], blockers: [], transitions: [] },
  })
);

/** wire: TaskItem. */
export type TaskItem = Infer<typeof taskItemSchema>;

export const taskListSchema = z.lazy(() =>
  struct({
    session_id: text,
    title: text,
    items: list(taskItemSchema),
    created_at: timestamp,
    updated_at: timestamp,
  })
);

/** wire: TaskList. */
export type TaskList = Infer<typeof taskListSchema>;
