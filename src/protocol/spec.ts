// What a host tells a worker to be, once, on stdin.
import * as z from "zod";
import {
  defaulted,
  flag,
  type Infer,
  json,
  jsonObject,
  list,
  optional,
  text,
  u32,
  u64,
} from "../core/schema.ts";
import { struct, tagged } from "../core/struct.ts";
import {
  budgetSpecSchema,
  confirmThresholdSchema,
  modelLimitsSpecSchema,
  permissionModeSchema,
  pricesSpecSchema,
  sandboxSpecSchema,
  skillsSpecSchema,
} from "./sandbox_spec.ts";
import { decode, limit } from "./decode.ts";
import { MAX_SPEC_BYTES } from "./limits.ts";

export const identitySchema = struct({
  child_id: text,
  parent_id: optional(text),
  project_key: optional(text),
  role: defaulted(text, ""),
  /** 0 for a worker no worker started. */
  depth: defaulted(u32, 0),
});
/** wire: ProvisionSpec.identity. */
export type Identity = Infer<typeof identitySchema>;

export const executorSpecSchema = tagged("kind", [
  z.object({ kind: z.literal("echo") }),
  z.object({ kind: z.literal("bamboo_runtime") }),
  z.object({ kind: z.literal("cli_adapter"), command: text, args: list(text) }),
]);
/** wire: ExecutorSpec. */
export type ExecutorSpec = Infer<typeof executorSpecSchema>;

export const modelRefSchema = struct({
  /** A provider's name, or the id of an instance that a credential explains. */
  provider: text,
  model: text,
});
/** wire: ModelRef. */
export type ModelRef = Infer<typeof modelRefSchema>;

/** Zero counts; absent is the worker's own default. */
export const runLimitsSchema = struct({
  run_timeout_secs: optional(u64),
  idle_timeout_secs: optional(u64),
  max_rounds: optional(u32),
});
/** wire: ProvisionSpec.limits. */
export type RunLimits = Infer<typeof runLimitsSchema>;

export const credentialSchema = struct({
  provider: text,
  api_key: text,
  base_url: optional(text),
  /** The protocol, when `provider` is an instance id. */
  provider_type: optional(text),
});
/** wire: ProviderCredential. */
export type Credential = Infer<typeof credentialSchema>;

export const secretsSchema = struct({
  provider_credentials: defaulted(list(credentialSchema), () => []),
  /** ours: the bearer token a connection must show. */
  worker_auth_token: optional(text),
});
/** wire: ProvisionSpec.secrets. */
export type Secrets = Infer<typeof secretsSchema>;

export const placementSchema = tagged("kind", [
  z.object({ kind: z.literal("local") }),
  z.object({ kind: z.literal("remote"), endpoint: text }),
  z.object({ kind: z.literal("schedulable"), pool: text }),
]);
/** wire: Placement. */
export type Placement = Infer<typeof placementSchema>;

export const mcpProxySpecSchema = struct({ orchestrator: text, endpoint: text, token: text });
/** wire: McpProxySpec. */
export type McpProxySpec = Infer<typeof mcpProxySpecSchema>;

export const capabilitiesSchema = struct({
  /** Any JSON here; `decodeMcpConfig` reads it. */
  mcp: optional(json),
  skills_dir: optional(text),
  mcp_proxy: optional(mcpProxySpecSchema),
  enforce_permissions: defaulted(flag, false),
  nested_spawn: defaulted(flag, false),
  max_spawn_depth: optional(u32),
  bypass: defaulted(flag, false),
  sandbox: optional(sandboxSpecSchema),
  budget: optional(budgetSpecSchema),
  prices: optional(pricesSpecSchema),
  /** ours: what the model takes in and gives out. */
  model_limits: optional(modelLimitsSpecSchema),
  skills: optional(skillsSpecSchema),
  /** Default `default`. */
  permission_mode: optional(permissionModeSchema),
  /** Default `low`: whatever is gated asks. */
  confirm_threshold: optional(confirmThresholdSchema),
  /** ours: the host understands `suspended`. Default false. */
  answer_pauses: optional(flag),
  /** ours: the turns of the scripted provider, read there. */
  script: optional(jsonObject),
});
/** wire: ProvisionSpec.capabilities, with ours from `sandbox` on. */
export type Capabilities = Infer<typeof capabilitiesSchema>;

/**
 * Absent and null differ: an optional field without a value is left out, never written as null;
 * read, null means none there. Fields with a default refuse null and are always written.
 */
export const provisionSpecSchema = struct({
  /** Any; 1 is ours. */
  version: u32,
  identity: identitySchema,
  executor: executorSpecSchema,
  /** The folder of records. */
  fabric_dir: text,
  storage_dir: optional(text),
  workspace: optional(text),
  model: optional(modelRefSchema),
  disabled_tools: optional(list(text)),
  limits: defaulted(runLimitsSchema, () => ({})),
  secrets: defaulted(secretsSchema, () => ({ provider_credentials: [] })),
  reusable: defaulted(flag, false),
  placement: defaulted(placementSchema, () => ({ kind: "local" as const })),
  capabilities: defaulted(capabilitiesSchema, () => ({
    enforce_permissions: false,
    nested_spawn: false,
    bypass: false,
  })),
});

/** wire: ProvisionSpec, one JSON document on stdin, at most `MAX_SPEC_BYTES`. */
export type ProvisionSpec = Infer<typeof provisionSpecSchema>;

/** A spec as it came on stdin; blanks around it do not count. */
export function decodeSpec(text: string): ProvisionSpec {
  limit(text, { most: MAX_SPEC_BYTES, what: "spec" });
  return decode(provisionSpecSchema, trimmed(text));
}

/** Without Unicode's blanks around it; a byte order mark is none of them and stays. */
function trimmed(text: string): string {
  const blank = /\p{White_Space}/u;
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start++;
  while (end > start && blank.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
