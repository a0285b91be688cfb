// The parts of a spec that only sheath reads: the box, the budget, skills. All may be left out.
import * as z from "zod";
import {
  expectingWord,
  flag,
  float,
  type Infer,
  list,
  oneOf,
  optional,
  record,
  refuse,
  text,
  u64,
} from "../core/schema.ts";
import { struct } from "../core/struct.ts";

/** Bytes, counts, seconds of processor time. */
export const sandboxLimitsSchema = struct({
  memory_bytes: optional(u64),
  processes: optional(u64),
  cpu_secs: optional(u64),
  file_bytes: optional(u64),
  /** For each stream of a command. */
  output_bytes: optional(u64),
  tmp_bytes: optional(u64),
});
export type SandboxLimits = Infer<typeof sandboxLimitsSchema>;

const expectingCommands = expectingWord('true, false or "unconfined"');

/** Whether commands may run: in the box, not at all, or without the box. */
const commandsSchema = z.transform((raw: unknown, context): boolean | "unconfined" => {
  if (typeof raw === "boolean" || raw === "unconfined") return raw;
  refuse(context, expectingCommands({ input: raw }));
  return false;
});

/** `"public"` alone is the same as `["public"]`. */
const hostsSchema = z.pipe(
  z.transform((raw: unknown) => raw === "public" ? ["public"] : raw),
  list(text),
);

export const sandboxSpecSchema = struct({
  /** The least level to serve at; below it the worker ends. Default `deno`. */
  require: optional(oneOf("deno", "kernel", "namespace")),
  /** Absolute folders or files. Default none. */
  read: optional(list(text)),
  write: optional(list(text)),
  /** `host:port` each, or the one word `public`. Default none. */
  hosts: optional(hostsSchema),
  /** Default true. */
  commands: optional(commandsSchema),
  /** `host:port` each; needs level `namespace`. Default none. */
  command_hosts: optional(list(text)),
  limits: optional(sandboxLimitsSchema),
  /** Whether skills and `.mcp.json` of the workspace count. Default false. */
  trust_workspace: optional(flag),
});
/** ours: capabilities.sandbox. */
export type SandboxSpec = Infer<typeof sandboxSpecSchema>;

export const budgetSpecSchema = struct({
  total_tokens: optional(u64),
  /** US dollars. */
  cost_usd: optional(float),
  tool_calls: optional(u64),
  subagents: optional(u64),
  wall_secs: optional(u64),
});
/** ours: capabilities.budget. */
export type BudgetSpec = Infer<typeof budgetSpecSchema>;

/** Tokens; what is given wins over what is known of the model. */
export const modelLimitsSpecSchema = struct({
  /** Prompt and answer together. */
  context_tokens: optional(u64),
  output_tokens: optional(u64),
});
/** ours: capabilities.model_limits. */
export type ModelLimitsSpec = Infer<typeof modelLimitsSpecSchema>;

export const priceSpecSchema = struct({
  input: float,
  output: float,
  /** Input read from the provider's cache. Default: as any other. */
  cached_input: optional(float),
  /** Input written to it. Default: as any other. */
  cache_write: optional(float),
});
/** US dollars for a million tokens. */
export type PriceSpec = Infer<typeof priceSpecSchema>;

/** ours: capabilities.prices, by the model's name. */
export const pricesSpecSchema = record(priceSpecSchema);

export const skillsSpecSchema = struct({
  disabled: optional(list(text)),
  selected: optional(list(text)),
  mode: optional(text),
});
/** ours: capabilities.skills. */
export type SkillsSpec = Infer<typeof skillsSpecSchema>;

export const permissionModeSchema = oneOf(
  "default",
  "plan",
  "acceptEdits",
  "dontAsk",
  "bypassPermissions",
);
/** ours: capabilities.permission_mode. */
export type PermissionMode = Infer<typeof permissionModeSchema>;

export const confirmThresholdSchema = oneOf("low", "medium", "high");
/** ours: capabilities.confirm_threshold, the least risk that is asked about. */
export type ConfirmThreshold = Infer<typeof confirmThresholdSchema>;
