// What hands is asked, by the warden and by the agent, and what it tells the agent.
import * as z from "zod";
import { type ToolResult, toolResultSchema } from "../core/tool_result.ts";
import { common, nothing, paths, portEnd } from "./common_port.ts";
import type { Side } from "./port.ts";

const toolResult: z.ZodMiniType<ToolResult> = toolResultSchema;
const callId = z.int();

export const roots = z.object({ workspace: z.string(), read: paths, write: paths });
export type RootsPart = z.output<typeof roots>;

/** By the warden. */
export const handsControl = {
  calls: {
    ...common,
    start: { params: z.object({ roots, agent: portEnd }), result: nothing },
  },
  notices: {},
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
  },
  notices: { forget: { params: z.object({ sessionId: z.string() }) } },
} satisfies Side;

/** To the agent. */
export const agentForHands = {
  calls: {},
  notices: { output: { params: z.object({ callId, text: z.string() }) } },
} satisfies Side;
