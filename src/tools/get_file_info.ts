// GetFileInfo: whether a path is there, and what it is.
import * as z from "zod";
import { findPath } from "./found_path.ts";
import { readInput } from "./input.ts";
import { jsonResult } from "./json_result.ts";
import { pathField } from "./path_text.ts";
import type { HandsTool } from "./tool.ts";

const input = z.object({
  path: pathField("The file or folder to ask about. Absolute, or relative to the current folder."),
});

export const getFileInfoTool: HandsTool = {
  name: "GetFileInfo",
  runs: "hands",
  description:
    `Tells whether a file or folder exists, without reading it. Returns JSON: path, exists, and if \
it exists is_file, is_dir, size_bytes and modified_unix (seconds since 1970). Links are followed.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readInput(input, raw);
    return { mutating: false, needs: [] };
  },
  async perform(raw, { roots, files }, signal) {
    const { path } = readInput(input, raw);
    return await jsonResult(signal, async () => {
      const named = files.resolve(path);
      const found = await findPath(named, roots);
      if (!found) return { path: named, exists: false };
      return {
        path: named,
        exists: true,
        is_file: found.info.isFile(),
        is_dir: found.info.isDirectory(),
        size_bytes: found.info.size,
        modified_unix: Math.floor(found.info.mtimeMs / 1000),
      };
    });
  },
};
