// Arguments as older versions and other agents name them, brought to today's names.
import type { Arguments } from "./arguments.ts";
import type { Tool } from "./tool.ts";

const RENAMED = [["path", "file_path"], ["cmd", "command"]] as const;

/** The same arguments; those under an old name stand under the new one too, unless it is taken. */
export function modernArguments(tool: Pick<Tool, "name" | "input">, args: Arguments): Arguments {
  const added: Record<string, unknown> = {};
  for (const [old, current] of RENAMED) {
    const isOld = !hasName(tool, old) && Object.hasOwn(args, old);
    if (isOld && hasName(tool, current) && !Object.hasOwn(args, current)) {
      added[current] = args[old];
    }
  }
  if (tool.name === "Glob" && !Object.hasOwn(args, "pattern")) {
    const isRecursive = Object.hasOwn(args, "recursive") && args["recursive"] === true;
    added["pattern"] = isRecursive ? "**/*" : "*";
  }
  return { ...args, ...added };
}

function hasName(tool: Pick<Tool, "input">, key: string): boolean {
  return Object.hasOwn(tool.input.shape, key);
}
