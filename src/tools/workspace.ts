// Workspace: tells the current folder, or moves the session into another one.
import * as z from "zod";
import { expectFolder } from "./found_path.ts";
import { readInput } from "./input.ts";
import { jsonResult } from "./json_result.ts";
import { pathField } from "./path_text.ts";
import type { HandsTool } from "./tool.ts";

const input = z.object({
  path: z.optional(
    pathField("The folder to work in from now on; leave it out to ask for the current one."),
  ),
});

export const workspaceTool: HandsTool = {
  name: "Workspace",
  runs: "hands",
  description:
    `Without path: returns the current folder, from which relative paths of all tools start. With \
path: makes that folder the current one for this session; it must exist and lie inside the \
granted folders. Returns JSON with session_id and workspace then.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    return { mutating: readInput(input, raw).path !== undefined, needs: [] };
  },
  async perform(raw, { roots, files, sessionId }, signal) {
    const { path } = readInput(input, raw);
    if (path === undefined) {
      signal.throwIfAborted();
      return { success: true, result: files.folder, display_preference: null };
    }
    return await jsonResult(signal, async () => {
      const folder = await expectFolder(files.resolve(path), roots);
      files.enter(folder.path);
      return { session_id: sessionId, workspace: folder.path };
    });
  },
};
