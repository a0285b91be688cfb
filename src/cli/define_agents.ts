// The flags and help of `sheath agents`; what it does is agents.ts's.
import type { Command } from "commander";
import type { AgentsFlags } from "./agents.ts";

export function defineAgents(program: Command, done: (exitCode: number) => void): void {
  program.command("agents")
    .description("Lists the agents that are alive.")
    .option("--fabric <dir>", "folder of the agents' records")
    .option("--json", "print their records as a JSON array", false)
    .addHelpText("after", "\nExample:\n  sheath agents --json")
    .action(async (flags: AgentsFlags) => {
      const { listAgents } = await import("./agents.ts");
      done(await listAgents(flags));
    });
}
