// What hands is asked, by the warden and by the agent, and what it tells the agent.
import * as z from "zod";
import type { CommandLimits } from "../grants/grants.ts";
import { type ToolResult, toolResultSchema } from "../core/tool_result.ts";
import type { SkillSettings } from "../skills/skill_roots.ts";
import type { SkillListing } from "../skills/skill_shelf.ts";
import { callLimit } from "./call_budget.ts";
import { common, nothing, paths, portEnd } from "./common_port.ts";
import type { Side } from "./port.ts";

const toolResult: z.ZodMiniType<ToolResult> = toolResultSchema;
const callId = z.int();

export const roots = z.object({ workspace: z.string(), read: paths, write: paths });
export type RootsPart = z.output<typeof roots>;

const byteSink = z.custom<WritableStream<Uint8Array>>((value) => value instanceof WritableStream);
const byteSource = z.custom<ReadableStream<Uint8Array>>((value) => value instanceof ReadableStream);
const limits: z.ZodMiniType<CommandLimits> = z.object({
  memoryBytes: z.number(),
  processes: z.number(),
  cpuSecs: z.union([z.number(), z.undefined()]),
  fileBytes: z.number(),
  outputBytes: z.number(),
  tmpBytes: z.number(),
});

const commands = z.object({
  /** Path of our own program. */
  program: z.string(),
  /** Of this process. */
  workerPid: z.int(),
  /** Whether the kernel holds them, or they run with all rights of the user. */
  isBoxed: z.boolean(),
  /** How many processes stand between this one and a command. */
  keepers: z.int(),
  /** All the variables of a command. */
  environment: z.record(z.string(), z.string()),
  limits,
  /** A keeper that runs already, outside of this thread's domain. */
  keeper: z.optional(z.object({ pid: z.int(), input: byteSink, output: byteSource })),
});
export type CommandsPart = z.output<typeof commands>;

const skills: z.ZodMiniType<SkillSettings> = z.object({
  folders: paths,
  trustsWorkspace: z.boolean(),
  mode: z.union([z.string(), z.undefined()]),
  disabled: paths,
  selected: z.union([paths, z.undefined()]),
});

const skillListing: z.ZodMiniType<SkillListing> = z.object({
  skills: z.array(z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    allowedTools: paths,
    isOfWorkspace: z.boolean(),
  })),
  warnings: z.array(z.object({ path: z.string(), why: z.string() })),
});

const handsPart = z.object({
  roots,
  agent: portEnd,
  /** Undefined: no programs are started. */
  commands: z.optional(commands),
  /** Where skills lie, and which of them count. */
  skills,
  /** How many calls are performed in all; undefined for no limit. */
  toolCalls: z.optional(callLimit),
});
export type HandsPart = z.output<typeof handsPart>;

/** By the warden. */
export const handsControl = {
  calls: {
    ...common,
    start: { params: handsPart, result: nothing },
    /** Ends every program; answered when nothing of them is left, protected names included. */
    settle: { params: z.null(), result: nothing },
  },
  notices: {
    /** A limit was passed: everything that runs is to be ended, for this reason. */
    limit: { params: z.object({ why: z.string() }) },
  },
} satisfies Side;

/** To the warden. */
export const wardenForHands = {
  calls: {},
  /** There is a keeper from now on. */
  notices: { keeper: { params: z.null() } },
} satisfies Side;

/** By the agent. */
export const handsForAgent = {
  calls: {
    perform: {
      params: z.object({
        callId,
        sessionId: z.string(),
        tool: z.string(),
        arguments: z.record(z.string(), z.unknown()),
      }),
      result: toolResult,
    },
    /** Instruction files on the way to these paths that the session was not told of yet. */
    guide: {
      params: z.object({ sessionId: z.string(), paths }),
      result: z.array(z.object({ path: z.string(), text: z.string(), isCut: z.boolean() })),
    },
    /** The skills of a session, looked for once. */
    skills: { params: z.object({ sessionId: z.string() }), result: skillListing },
    /** A run is over; answered when what it left running has ended. */
    forget: { params: z.object({ sessionId: z.string() }), result: nothing },
  },
  notices: {},
} satisfies Side;

/** To the agent. */
export const agentForHands = {
  calls: {},
  notices: { output: { params: z.object({ callId, text: z.string() }) } },
} satisfies Side;
