// The tools that work where the files and programs are.
import { bashTool } from "./bash.ts";
import { bashOutputTool } from "./bash_output.ts";
import { editTool } from "./edit.ts";
import { getFileInfoTool } from "./get_file_info.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";
import { jsReplTool } from "./js_repl.ts";
import { killShellTool } from "./kill_shell.ts";
import { loadSkillTool } from "./load_skill.ts";
import { resolveToolName } from "./names.ts";
import { notebookEditTool } from "./notebook_edit.ts";
import { readTool } from "./read.ts";
import { readSkillResourceTool } from "./read_skill_resource.ts";
import { sleepTool } from "./sleep.ts";
import type { HandsTool } from "./tool.ts";
import { workspaceTool } from "./workspace.ts";
import { writeTool } from "./write.ts";

/** Add yours here. */
export const handsTools: readonly HandsTool[] = [
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
  notebookEditTool,
  loadSkillTool,
  readSkillResourceTool,
];

const BY_NAME: ReadonlyMap<string, HandsTool> = new Map(
  handsTools.map((tool) => [tool.name, tool]),
);

/** The tool a model means by `name`, aliases and namespaces included. */
export function findHandsTool(name: string): HandsTool | undefined {
  return BY_NAME.get(resolveToolName(name));
}
