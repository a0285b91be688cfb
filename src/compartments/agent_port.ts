// What the agent is asked by the warden, and what it asks and tells the warden.
import * as z from "zod";
import { APPROVALS } from "../core/approval.ts";
import { type AgentEvent, agentEventSchema } from "../core/event.ts";
import type { Outcome } from "../core/outcome.ts";
import { MODES } from "../permissions/mode.ts";
import { RISKS } from "../core/permission.ts";
import { PROTOCOLS } from "../providers/protocol.ts";
import { common, nothing, paths, portEnd } from "./common_port.ts";
import { roots } from "./hands_port.ts";
import type { Side } from "./port.ts";

const event: z.ZodMiniType<AgentEvent> = agentEventSchema;
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);
const runId = z.int();
const protocol = z.enum(PROTOCOLS);

const agentPart = z.object({
  gateway: portEnd,
  hands: portEnd,
  sessionPrefix: z.string(),
  provider: z.object({
    protocol,
    name: z.string(),
    model: z.string(),
    /** For the scripted provider. */
    script: z.optional(z.unknown()),
  }),
  roots,
  storageDir: z.string(),
  os: z.string(),
  disabledTools: paths,
  /** Why each cannot be had here, by the tool's name. */
  refusedTools: z.record(z.string(), z.string()),
  /** Whether hands is asked for skills. */
  mayHaveSkills: z.boolean(),
  /** The parser of shell commands, as WebAssembly; undefined where nobody is asked. */
  shell: z.optional(z.object({ core: bytes, language: bytes })),
  policy: z.object({
    enforced: z.boolean(),
    bypassed: z.boolean(),
    mode: z.enum(MODES),
    threshold: z.enum(RISKS),
  }),
  /** What the spec says of its model. */
  modelLimits: z.object({
    contextTokens: z.optional(z.number()),
    outputTokens: z.optional(z.number()),
  }),
  /** Whether the host understands that a run waits for an answer. */
  answersPauses: z.boolean(),
  maxRounds: z.int(),
  runTimeoutMs: z.optional(z.number()),
});
export type AgentPart = z.output<typeof agentPart>;

const run = z.object({
  runId,
  assignment: z.string(),
  /** Whether the assignment answers the question that the run before waits on. */
  isAnswer: z.boolean(),
  messages: z.array(z.unknown()),
  reasoningEffort: z.optional(z.string()),
});
export type RunPart = z.output<typeof run>;

const outcome: z.ZodMiniType<Outcome> = z.discriminatedUnion("status", [
  z.object({ status: z.literal("completed"), result: z.string() }),
  z.object({ status: z.literal("suspended"), result: z.string() }),
  z.object({ status: z.literal("cancelled"), result: z.optional(z.string()) }),
  z.object({
    status: z.literal("error"),
    error: z.string(),
    reason: z.enum(["failed", "refused", "limit", "budget", "timeout"]),
    result: z.optional(z.string()),
  }),
]);

/** By the warden. */
export const agentControl = {
  calls: {
    ...common,
    start: { params: agentPart, result: nothing },
    run: { params: run, result: outcome },
  },
  notices: {
    steer: { params: z.object({ runId, text: z.string() }) },
    cancel: { params: z.object({ runId }) },
    /** Nobody will answer what is suspended. */
    drop: { params: z.null() },
  },
} satisfies Side;

/** To the warden. */
export const wardenForAgent = {
  calls: {
    approve: {
      params: z.object({
        runId,
        tool_name: z.string(),
        permission: z.string(),
        resource: z.string(),
      }),
      result: z.enum(APPROVALS),
    },
  },
  notices: { event: { params: z.object({ runId, event }) } },
} satisfies Side;
