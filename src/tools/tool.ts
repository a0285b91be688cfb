// The contract of a built-in tool. Members: builtin.ts. Suite: tests/tools/contract.ts.
import type * as z from "zod";
import type { AgentEvent } from "../core/event.ts";
import type { Need } from "../core/need.ts";
import type { Question } from "../core/question.ts";
import type { ToolResult } from "../core/tool_result.ts";
import type { Desk } from "./desk.ts";
import type { World } from "./world.ts";

/** Something the model can call: a description, a pure part, and a part that does it. */
export type Tool = HandsTool | AgentTool;

/** Works on files or programs, in the compartment that has them. */
export interface HandsTool extends ToolBase {
  readonly runs: "hands";
  /**
   * Does what `prepare` read from the same arguments. An expected failure is a result with
   * success false, or a WorkerError: `bad_input` if the arguments are at fault, else `refused`.
   * It ends soon after `signal` aborts.
   */
  perform(
    raw: Readonly<Record<string, unknown>>,
    world: World,
    signal: AbortSignal,
  ): Promise<ToolResult>;
}

/** Works on the run itself, or on the web by way of the gateway; in the agent's compartment. */
export interface AgentTool extends ToolBase {
  readonly runs: "agent";
  /** Whether its calls make the run wait for an answer: nothing runs beside them. */
  readonly pauses?: true;
  /** As of a tool in hands, and with what is to happen to the run. */
  perform(
    raw: Readonly<Record<string, unknown>>,
    desk: Desk,
    signal: AbortSignal,
  ): Promise<AgentToolOutcome>;
}

export type AgentToolOutcome = {
  readonly result: ToolResult;
  /** Sent between the end of the call and its result. */
  readonly events?: readonly AgentEvent[] | undefined;
  /** The run waits for the answer to this. */
  readonly pause?: Question | undefined;
  /** The context is compacted before the next model call. */
  readonly compact?: { readonly instructions?: string | undefined } | undefined;
};

interface ToolBase {
  readonly name: string;
  /** What it does, for the model: when to use it, limits, what comes back. */
  readonly description: string;
  /** The arguments, each described for the model; as JSON Schema it equals the reference's. */
  readonly input: z.ZodMiniObject;
  /** Whether broken arguments may be repaired before they are read, or fail the call at once. */
  readonly arguments: "strict" | "repaired";
  /**
   * Reads the model's arguments and says what the call will do. Pure.
   * @throws WorkerError `bad_input` with a line the model can act on.
   */
  prepare(raw: Readonly<Record<string, unknown>>): Call;
}

/** What one call will do, as far as its arguments tell. */
export type Call = {
  /** Changes something: such calls never run beside others. */
  readonly mutating: boolean;
  /** Everything the call does to the world that an approver may be asked about. */
  readonly needs: readonly Need[];
};
