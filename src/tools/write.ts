// Write: makes a file, or replaces all of one.
import * as z from "zod";
import { changeFile } from "./change_file.ts";
import { changeResult } from "./change_result.ts";
import { readInput } from "./input.ts";
import { pathField } from "./path_text.ts";
import type { HandsTool } from "./tool.ts";

const input = z.object({
  file_path: pathField(
    "The file to write. Absolute, or relative to the current folder. Missing folders are made.",
  ),
  content: z.string().check(z.describe("The whole new text of the file.")),
});

export const writeTool: HandsTool = {
  name: "Write",
  runs: "hands",
  description:
    `Makes a new file, or replaces the whole text of one. A file that exists must have been Read \
since it last changed (your own Write and Edit count as read). To change a part of a file use \
Edit. Files are only written inside the granted folders, never through a symlink, and never under \
names that other programs run or trust, such as .git/hooks. Returns JSON with a unified diff.`,
  input,
  arguments: "strict",
  prepare(raw) {
    const { file_path } = readInput(input, raw);
    return { mutating: true, needs: [{ type: "write_file", path: file_path }] };
  },
  async perform(raw, world, signal) {
    const { file_path, content } = readInput(input, raw);
    const change = await changeFile(file_path, () => ({ text: content }), { world, signal });
    const isNew = change.before.type === "missing";
    const operation = isNew ? "create" : "overwrite";
    const message = `${isNew ? "Created" : "Replaced"} ${change.path}`;
    return changeResult(change, { operation, message, workspace: world.files.folder });
  },
};
