// Tools that cannot be had under these grants, and why. Pure.
import type { Grants } from "./grants.ts";

/** Tools that start or see programs. */
export const COMMAND_TOOLS: readonly string[] = ["Bash", "BashOutput", "KillShell", "js_repl"];

/** Why each is refused, by the tool's name; disabled tools are another matter. */
export function refusedTools({ commands }: Grants): Readonly<Record<string, string>> {
  if (commands.type !== "refused") return {};
  return Object.fromEntries(COMMAND_TOOLS.map((name) => [name, commands.why]));
}
