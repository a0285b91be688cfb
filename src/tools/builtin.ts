// The list of built-in tools: those of hands, and those that work on the run itself.
import { compactContextTool } from "./compact_context.ts";
import { conclusionWithOptionsTool } from "./conclusion_with_options.ts";
import { enterPlanModeTool } from "./enter_plan_mode.ts";
import { exitPlanModeTool } from "./exit_plan_mode.ts";
import { handsTools } from "./hands_tools.ts";
import { resolveToolName } from "./names.ts";
import { requestPermissionsTool } from "./request_permissions.ts";
import { sessionNoteTool } from "./session_note.ts";
import { taskTool } from "./task.ts";
import type { Tool } from "./tool.ts";
import { webFetchTool } from "./web_fetch.ts";
import { webSearchTool } from "./web_search.ts";

/** Every built-in tool. Add those of the agent's compartment here. */
export const builtinTools: readonly Tool[] = [
  ...handsTools,
  taskTool,
  sessionNoteTool,
  requestPermissionsTool,
  enterPlanModeTool,
  exitPlanModeTool,
  conclusionWithOptionsTool,
  compactContextTool,
  webFetchTool,
  webSearchTool,
];

const BY_NAME: ReadonlyMap<string, Tool> = new Map(builtinTools.map((tool) => [tool.name, tool]));

/** The tool a model means by `name`, aliases and namespaces included. */
export function findTool(name: string): Tool | undefined {
  return BY_NAME.get(resolveToolName(name));
}
