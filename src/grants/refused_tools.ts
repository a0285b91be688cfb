// Tools that cannot be had under these grants, and why. Pure.
import type { Grants } from "./grants.ts";
import { refusedWebTools } from "./web_grant.ts";

/** Tools that start or see programs. */
export const COMMAND_TOOLS: readonly string[] = ["Bash", "BashOutput", "KillShell", "js_repl"];

/** Why each is refused, by the tool's name; disabled tools are another matter. */
export function refusedTools({ commands, web }: Grants): Readonly<Record<string, string>> {
  const refused = refusedWebTools(web);
  if (commands.type !== "refused") return refused;
  const { why } = commands;
  return { ...refused, ...Object.fromEntries(COMMAND_TOOLS.map((name) => [name, why])) };
}
