// The list of built-in tools.
import { bashTool } from "./bash.ts";
import { bashOutputTool } from "./bash_output.ts";
import { editTool } from "./edit.ts";
import { getFileInfoTool } from "./get_file_info.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";
import { jsReplTool } from "./js_repl.ts";
import { killShellTool } from "./kill_shell.ts";
import { resolveToolName } from "./names.ts";
import { readTool } from "./read.ts";
import { sleepTool } from "./sleep.ts";
import type { Tool } from "./tool.ts";
import { workspaceTool } from "./workspace.ts";
import { writeTool } from "./write.ts";

/** Every built-in tool. Add yours here. */
export const builtinTools: readonly Tool[] = [
  readTool,
  writeTool,
  editTool,
  globTool,
  grepTool,
  getFileInfoTool,
  workspaceTool,
  sleepTool,
  bashTool,
  bashOutputTool,
  killShellTool,
  jsReplTool,
];

const BY_NAME: ReadonlyMap<string, Tool> = new Map(builtinTools.map((tool) => [tool.name, tool]));

/** The tool a model means by `name`, aliases and namespaces included. */
export function findTool(name: string): Tool | undefined {
  return BY_NAME.get(resolveToolName(name));
}
