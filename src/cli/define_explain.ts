// The flags and help of `sheath explain`; what it does is explain.ts's.
import type { Command } from "commander";
import type { ExplainFlags } from "./explain.ts";
import { addSpecOptions } from "./spec_options.ts";

export function defineExplain(program: Command, done: (exitCode: number) => void): void {
  const command = addSpecOptions(program.command("explain"))
    .description("Tells what an agent could touch on this machine, before anything runs.")
    .argument("[spec]", "a spec's file, - for stdin; without one, what `sheath run` would use here")
    .option("--json", "print it as JSON", false)
    .addHelpText(
      "after",
      `
Exit codes: 0 granted, 2 bad usage or spec, 3 refused on this machine.

Examples:
  sheath explain
  sheath explain --workspace ../site --read /usr/share/dict
  sheath explain spec.json --json`,
    );
  command.action(async (path: string | undefined, flags: ExplainFlags) => {
    const { explainSpec, refuseFlags } = await import("./explain.ts");
    if (path !== undefined) refuseFlags(path, givenFlags(command));
    done(await explainSpec(path, flags));
  });
}

/** The flags on the command line, but for those that only say how to print. */
function givenFlags(command: Command): string[] {
  return command.options
    .filter((option) => option.long !== "--json")
    .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
    .map((option) => option.long ?? option.flags);
}
