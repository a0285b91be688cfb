// KillShell: ends a command in the background.
import * as z from "zod";
import { abortable } from "../base/abortable.ts";
import { WorkerError } from "../core/errors.ts";
import { readInput, someText } from "./input.ts";
import { shellsOf } from "./session_shells.ts";
import type { HandsTool } from "./tool.ts";

const input = z.object({
  shell_id: someText("The id that Bash gave for the command."),
  bash_id: z.optional(someText("Another name for shell_id, taken where that is missing.")),
});

export const killShellTool: HandsTool = {
  name: "KillShell",
  runs: "hands",
  description:
    `Ends a command that Bash started in the background, and every process it started. What it \
has written can still be read with BashOutput for 300 seconds. Returns JSON: shell_id, bash_id, \
status.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    return { mutating: true, needs: [{ type: "terminal_session", id: idIn(raw) }] };
  },
  async perform(raw, world, signal) {
    const id = idIn(raw);
    signal.throwIfAborted();
    const command = shellsOf(world).backgroundCommand(id);
    if (command.state.type === "ended") {
      const code = command.state.exitCode;
      const how = code === null ? "" : ` with exit code ${code}`;
      throw new WorkerError("refused", `Cannot end ${id}: it has ended already${how}`);
    }
    await abortable(command.end(), signal);
    const result = { shell_id: id, bash_id: id, status: "killed" };
    return { success: true, result: JSON.stringify(result), display_preference: "json" };
  },
};

function idIn(raw: Readonly<Record<string, unknown>>): string {
  const hasOwnName = Object.hasOwn(raw, "shell_id") && raw["shell_id"] !== null;
  const hasOther = Object.hasOwn(raw, "bash_id");
  const named = hasOwnName || !hasOther ? raw : { ...raw, shell_id: raw["bash_id"] };
  return readInput(input, named).shell_id;
}
