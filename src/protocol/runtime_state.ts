// How far a session's run has come, as stored with it.
import {
  defaulted,
  flag,
  type Infer,
  list,
  oneOf,
  optional,
  text,
  u32,
  u64,
} from "../core/schema.ts";
import { struct } from "../core/struct.ts";
import { timestamp } from "../core/timestamp.ts";

export const agentStatusSchema = oneOf(
  "idle",
  "initializing",
  "running",
  "suspended",
  "finalizing",
  "completed",
  "cancelled",
  "failed",
);
export type AgentStatus = Infer<typeof agentStatusSchema>;

const roundSchema = struct({
  current_round: u32,
  max_rounds: u32,
  last_round_id: optional(text),
  total_tool_calls: u32,
  total_prompt_tokens: u64,
  total_completion_tokens: u64,
});

const suspensionSchema = struct({
  reason: text,
  suspended_at: timestamp,
  resumable: flag,
  hook_point: optional(text),
});

const promptSchema = struct({
  composer_version: optional(text),
  section_flags: optional(text),
  section_lengths: optional(text),
  section_layout: optional(text),
});

const toolsSchema = struct({
  schemas_resolved: flag,
  disabled_tool_count: u32,
  active_tool_calls: u32,
});

const memorySchema = struct({
  external_memory_injected: flag,
  compression_events_count: u32,
  last_compression_at: optional(timestamp),
  overflow_recovery_total: u32,
  overflow_recovery_consecutive: u32,
});

const llmSchema = struct({
  model_name: optional(text),
  provider_name: optional(text),
  background_model_name: optional(text),
  fast_model_name: optional(text),
  responses_previous_id: optional(text),
});

const waitingSchema = struct({
  child_session_ids: optional(list(text)),
  wait_for: defaulted(oneOf("all", "any", "first_error"), "all"),
  registered_at: timestamp,
  timeout_at: optional(timestamp),
  registered_by_tool_call_id: optional(text),
}, { empty: { child_session_ids: [] } });

const checkpointSchema = struct({
  hook_point: text,
  timestamp,
  result: text,
  duration_ms: u64,
});

const planModeSchema = struct({
  entered_at: timestamp,
  pre_permission_mode: text,
  plan_file_path: optional(text),
  status: defaulted(
    oneOf("exploring", "designing", "reviewing", "finalizing", "awaiting_approval"),
    "exploring",
  ),
});

/** Absent and null differ: without a value a field is left out; `children` is always `{}`. */
export const runtimeStateSchema = struct({
  version: u32,
  run_id: text,
  status: defaulted(agentStatusSchema, "idle"),
  round: defaulted(roundSchema, () => ({
    current_round: 0,
    max_rounds: 0,
    total_tool_calls: 0,
    total_prompt_tokens: 0,
    total_completion_tokens: 0,
  })),
  suspension: optional(suspensionSchema),
  prompt: defaulted(promptSchema, () => ({})),
  tools: defaulted(toolsSchema, () => ({
    schemas_resolved: false,
    disabled_tool_count: 0,
    active_tool_calls: 0,
  })),
  memory: defaulted(memorySchema, () => ({
    external_memory_injected: false,
    compression_events_count: 0,
    overflow_recovery_total: 0,
    overflow_recovery_consecutive: 0,
  })),
  llm: defaulted(llmSchema, () => ({})),
  children: defaulted(struct({}), () => ({})),
  waiting_for_children: optional(waitingSchema),
  checkpoints: optional(list(checkpointSchema)),
  plan_mode: optional(planModeSchema),
  bypass_permissions: defaulted(flag, false),
}, { empty: { checkpoints: [] } });

/** wire: AgentRuntimeState. */
export type RuntimeState = Infer<typeof runtimeStateSchema>;
