// compact_context: has the conversation so far summed up before the next model call.
import * as z from "zod";
import { atOnce } from "./at_once.ts";
import { badInput, readInput } from "./input.ts";
import type { AgentTool } from "./tool.ts";

const MAX_INSTRUCTIONS = 4000;

const input = z.object({
  instructions: z.optional(
    z.string().check(z.describe(
      `What the summary must keep, in up to ${MAX_INSTRUCTIONS} characters.`,
    )),
  ),
});

export const compactContextTool: AgentTool = {
  name: "compact_context",
  runs: "agent",
  description:
    `Replaces the older part of this conversation by a summary before your next turn. Use it when \
a stretch of work is done and its details are not needed any more; say in instructions what is. \
What must survive word for word belongs in a session_note.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readInstructions(raw);
    return { mutating: false, needs: [] };
  },
  perform(raw, _desk, signal) {
    return atOnce(signal, () => {
      const instructions = readInstructions(raw);
      const result = "The context will be compacted before the next model call";
      return {
        result: { success: true, result, display_preference: null },
        compact: { instructions },
      };
    });
  },
};

/** Blanks alone count as none. */
function readInstructions(raw: Readonly<Record<string, unknown>>): string | undefined {
  const instructions = readInput(input, raw).instructions?.trim() ?? "";
  if (instructions.length <= MAX_INSTRUCTIONS) {
    return instructions === "" ? undefined : instructions;
  }
  const wanted = `expected at most ${MAX_INSTRUCTIONS} characters`;
  throw badInput("instructions", `${wanted}, got ${instructions.length}`);
}
