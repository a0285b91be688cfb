// The contract of a built-in tool. Members: builtin.ts. Suite: tests/tools/contract.ts.
import type * as z from "zod";
import type { Need } from "../core/need.ts";
import type { ToolResult } from "../core/tool_result.ts";
import type { World } from "./world.ts";

/**
 * Something the model can call: a description, a pure part that runs where the model is heard
 * (agent), and a part that touches the world and runs where the files are (hands).
 */
export interface Tool {
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

/** What one call will do, as far as its arguments tell. */
export type Call = {
  /** Changes something: such calls never run beside others. */
  readonly mutating: boolean;
  /** Everything the call does to the world that an approver may be asked about. */
  readonly needs: readonly Need[];
};
