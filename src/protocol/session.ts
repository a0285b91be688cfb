// A conversation with everything that is stored with it.
import * as z from "zod";
import { messageSchema } from "../core/message.ts";
import {
  defaulted,
  flag,
  float,
  type Infer,
  json,
  jsonObject,
  list,
  oneOf,
  optional,
  record,
  text,
  u32,
  u64,
} from "../core/schema.ts";
import { struct } from "../core/struct.ts";
import { taskListSchema } from "../core/task_list.ts";
import { timestamp } from "../core/timestamp.ts";
import { tokenBudgetUsageSchema } from "../core/usage.ts";
import { reasoningEffortSchema } from "./reasoning_effort.ts";
import { runtimeStateSchema } from "./runtime_state.ts";
import { modelRefSchema } from "./spec.ts";
import { decode } from "./decode.ts";

export const pendingQuestionSchema = struct({
  tool_call_id: text,
  tool_name: optional(text),
  question: text,
  options: list(text),
  allow_custom: flag,
  source: defaulted(
    oneOf("pause_tool", "agentic_clarification", "external_agent", "gold"),
    "pause_tool",
  ),
}, { empty: { tool_name: "" } });
/** wire: PendingQuestion. */
export type PendingQuestion = Infer<typeof pendingQuestionSchema>;

/** One word and what belongs to it: `{"window":{"size":4}}`. Kept, not acted on. */
const strategySchema = jsonObject.check(
  z.refine((value) => Object.keys(value).length === 1, { error: "expected one key" }),
);

/** Tokens, percents of the context, characters; what is left out gets the reference's value. */
export const tokenBudgetSchema = struct({
  max_context_tokens: u32,
  max_output_tokens: u32,
  strategy: strategySchema,
  safety_margin: defaulted(u32, 1000),
  compression_trigger_percent: defaulted(u32, 85),
  compression_target_percent: defaulted(u32, 40),
  working_reserve_tokens: defaulted(u32, 50_000),
  fallback_trigger_percent: defaulted(u32, 75),
  prompt_cache_min_tool_output_chars: defaulted(u64, 1200),
  prompt_cache_head_chars: defaulted(u64, 280),
  prompt_cache_tail_chars: defaulted(u64, 180),
  prompt_cache_recent_user_turns: defaulted(u64, 2),
  prompt_cache_recent_tool_chains: defaulted(u64, 2),
  /** 0 is no limit. */
  max_tool_output_tokens: defaulted(u32, 0),
});
/** wire: TokenBudget. */
export type TokenBudget = Infer<typeof tokenBudgetSchema>;

export const conversationSummarySchema = struct({
  created_at: timestamp,
  updated_at: timestamp,
  content: text,
  message_count: u64,
  token_count: u32,
});
/** wire: ConversationSummary. */
export type ConversationSummary = Infer<typeof conversationSummarySchema>;

export const compressionEventSchema = struct({
  id: text,
  created_at: timestamp,
  messages_compressed: u64,
  segments_removed: u64,
  usage_before_percent: defaulted(float, 0),
  usage_after_percent: defaulted(float, 0),
  summary_tokens: defaulted(u32, 0),
  trigger_type: defaulted(oneOf("auto", "manual", "critical_overflow"), "auto"),
  compression_ratio: defaulted(float, 0),
  model_used: optional(text),
  latency_ms: defaulted(u64, 0),
});
/** wire: CompressionEvent. */
export type CompressionEvent = Infer<typeof compressionEventSchema>;

/**
 * Absent and null differ: without a value a field is left out, and so are `metadata` and
 * `compression_events` when they are empty.
 */
export const sessionSchema = struct({
  id: text,
  title: defaulted(text, ""),
  pinned: defaulted(flag, false),
  title_version: defaulted(u64, 0),
  metadata_version: defaulted(u64, 0),
  kind: defaulted(oneOf("root", "child"), "root"),
  parent_session_id: optional(text),
  root_session_id: defaulted(text, ""),
  spawn_depth: defaulted(u32, 0),
  messages: list(messageSchema),
  created_at: timestamp,
  updated_at: timestamp,
  task_list: optional(taskListSchema),
  pending_question: optional(pendingQuestionSchema),
  model: defaulted(text, ""),
  model_ref: optional(modelRefSchema),
  reasoning_effort: optional(reasoningEffortSchema),
  metadata: optional(record(text)),
  token_budget: optional(tokenBudgetSchema),
  token_usage: optional(tokenBudgetUsageSchema),
  conversation_summary: optional(conversationSummarySchema),
  prompt_snapshot: optional(json),
  compression_events: optional(list(compressionEventSchema)),
  compression_instructions: optional(text),
  agent_runtime_state: optional(runtimeStateSchema),
  runtime_metadata: optional(record(json)),
  workspace: optional(text),
}, {
  aliases: { todo_list: "task_list" },
  empty: { metadata: {}, compression_events: [] },
});

/** wire: Session, the content of session.json. */
export type Session = Infer<typeof sessionSchema>;

/** The content of session.json. */
export function decodeSession(text: string): Session {
  return decode(sessionSchema, text);
}
