// The events of an agent but for those of its sub-agents: one row each, in the wire's field order.
import * as z from "zod";
import { roleSchema } from "./message.ts";
import {
  defaulted,
  flag,
  float,
  json,
  list,
  nullable,
  oneOf,
  optional,
  text,
  u32,
  u64,
} from "./schema.ts";
import { taskListSchema, taskStatusSchema } from "./task_list.ts";
import { timestamp } from "./timestamp.ts";
import { toolResultSchema } from "./tool_result.ts";
import { tokenBudgetUsageSchema, tokenUsageSchema } from "./usage.ts";

const call = { tool_call_id: text, tool_name: text };
const checkpoint = oneOf("post_round", "terminal");
const children = { parent_session_id: text, child_session_id: text };

const streamVariants = () =>
  [
    z.object({ type: z.literal("token"), content: text }),
    z.object({ type: z.literal("reasoning_token"), content: text }),
    z.object({ type: z.literal("tool_token"), tool_call_id: text, content: text }),
    /** `arguments` is the parsed JSON, not its text. */
    z.object({ type: z.literal("tool_start"), ...call, arguments: json }),
    /** Also when the result's `success` is false. */
    z.object({ type: z.literal("tool_complete"), tool_call_id: text, result: toolResultSchema }),
    z.object({ type: z.literal("tool_error"), tool_call_id: text, error: text }),
    /** `phase` is begin, finished or error; hosts also know executing and cancelled. */
    z.object({
      type: z.literal("tool_lifecycle"),
      ...call,
      phase: text,
      elapsed_ms: optional(u64),
      is_mutating: flag,
      auto_approved: flag,
      summary: optional(text),
      error: optional(text),
    }),
    /** `options` is always written, as null when there are none. */
    z.object({
      type: z.literal("need_clarification"),
      question: text,
      options: nullable(list(text)),
      tool_call_id: optional(text),
      tool_name: optional(text),
      allow_custom: defaulted(flag, true),
    }),
    z.object({ type: z.literal("tool_approval_requested"), ...call, parameters: json }),
    z.object({
      type: z.literal("child_approval_requested"),
      child_session_id: text,
      request_id: text,
      tool_name: text,
      permission: text,
      resource: text,
    }),
  ] as const;

const taskVariants = () =>
  [
    z.object({ type: z.literal("task_list_updated"), task_list: taskListSchema }),
    z.object({
      type: z.literal("task_list_item_progress"),
      session_id: text,
      item_id: text,
      status: taskStatusSchema,
      tool_calls_count: u64,
      version: u64,
    }),
    z.object({
      type: z.literal("task_list_completed"),
      session_id: text,
      completed_at: timestamp,
      total_rounds: u32,
      total_tool_calls: u64,
    }),
    z.object({ type: z.literal("task_evaluation_started"), session_id: text, items_count: u64 }),
    z.object({
      type: z.literal("task_evaluation_completed"),
      session_id: text,
      updates_count: u64,
      reasoning: text,
    }),
    z.object({
      type: z.literal("gold_evaluation_started"),
      session_id: text,
      checkpoint,
      iteration: u32,
    }),
    z.object({
      type: z.literal("gold_evaluation_completed"),
      session_id: text,
      checkpoint,
      iteration: u32,
      decision: oneOf("continue", "achieved", "blocked", "need_input", "exhausted"),
      confidence: oneOf("low", "medium", "high"),
      reasoning: text,
    }),
    z.object({ type: z.literal("goal_status_changed"), session_id: text, goal_state: json }),
  ] as const;

const contextVariants = () =>
  [
    z.object({ type: z.literal("token_budget_updated"), usage: tokenBudgetUsageSchema }),
    /** `phase`: pre-turn, mid-turn, overflow-recovery; `status`: started, completed, failed, … */
    z.object({ type: z.literal("context_compression_status"), phase: text, status: text }),
    /** `trigger_type`: auto, manual, critical. */
    z.object({
      type: z.literal("context_summarized"),
      summary: text,
      messages_summarized: u64,
      tokens_saved: u64,
      usage_before_percent: defaulted(float, 0),
      usage_after_percent: defaulted(float, 0),
      trigger_type: defaulted(text, ""),
    }),
    /** `level`: warning (from 70 %), critical (from 90 %). */
    z.object({
      type: z.literal("context_pressure_notification"),
      percent: float,
      level: text,
      message: text,
    }),
  ] as const;

const childVariants = () =>
  [
    z.object({ type: z.literal("sub_agent_started"), ...children, title: optional(text) }),
    z.object({ type: z.literal("sub_agent_heartbeat"), ...children, timestamp }),
    /** `status`: completed, cancelled, error, skipped, timeout. */
    z.object({
      type: z.literal("sub_agent_completed"),
      ...children,
      status: text,
      error: optional(text),
    }),
  ] as const;

const planVariants = () =>
  [
    z.object({
      type: z.literal("plan_mode_entered"),
      session_id: text,
      reason: optional(text),
      pre_permission_mode: text,
      entered_at: timestamp,
      status: oneOf("exploring", "designing", "reviewing", "finalizing", "awaiting_approval"),
      plan_file_path: optional(text),
    }),
    z.object({
      type: z.literal("plan_mode_exited"),
      session_id: text,
      approved: flag,
      restored_mode: text,
      plan: optional(text),
    }),
    z.object({
      type: z.literal("plan_file_updated"),
      session_id: text,
      file_path: text,
      content_summary: text,
    }),
  ] as const;

const sessionVariants = () =>
  [
    z.object({
      type: z.literal("session_title_updated"),
      session_id: text,
      title: text,
      title_version: u64,
      source: oneOf("auto", "manual", "fallback"),
      updated_at: timestamp,
    }),
    z.object({
      type: z.literal("session_pinned_updated"),
      session_id: text,
      pinned: flag,
      updated_at: timestamp,
    }),
    z.object({
      type: z.literal("session_created"),
      session_id: text,
      title: text,
      kind: oneOf("root", "child"),
      created_at: timestamp,
    }),
    z.object({ type: z.literal("session_deleted"), session_id: text }),
    z.object({ type: z.literal("session_cleared"), session_id: text }),
    z.object({
      type: z.literal("message_appended"),
      session_id: text,
      message_id: text,
      role: roleSchema,
      content: text,
      created_at: timestamp,
    }),
  ] as const;

const runVariants = () =>
  [
    /** `round_count` from 0. */
    z.object({ type: z.literal("runner_progress"), session_id: text, round_count: u32 }),
    /** `started_at` is any text; hosts write it with `+00:00`. */
    z.object({
      type: z.literal("execution_started"),
      run_id: text,
      session_id: text,
      started_at: text,
    }),
    z.object({
      type: z.literal("notification"),
      id: text,
      session_id: text,
      category: text,
      priority: text,
      title: text,
      body: text,
      dedup_key: optional(text),
      created_at: timestamp,
    }),
    z.object({ type: z.literal("complete"), usage: tokenUsageSchema }),
    z.object({ type: z.literal("cancelled"), message: optional(text) }),
    z.object({ type: z.literal("error"), message: text }),
  ] as const;

/**
 * wire: AgentEvent, all variants but `sub_agent_event`. A function: building them takes some 4 ms,
 * which no thread should spend before it reads its first event.
 */
// deno-lint-ignore explicit-module-boundary-types -- the type is what the schemas say
export const plainVariants = () =>
  [
    ...streamVariants(),
    ...taskVariants(),
    ...contextVariants(),
    ...childVariants(),
    ...planVariants(),
    ...sessionVariants(),
    ...runVariants(),
  ] as const;
