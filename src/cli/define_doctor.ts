// The flags and help of `sheath doctor`; what it does is doctor.ts's.
import { type Command, Option } from "commander";
import { LEVELS } from "../grants/level.ts";
import type { DoctorFlags } from "./doctor.ts";

export function defineDoctor(program: Command, done: (exitCode: number) => void): void {
  program.command("doctor")
    .description("Tells what this machine can enforce, and with --attack whether it holds.")
    .option("--attack", "attack caged workers of this very program, in less than a minute", false)
    .addOption(new Option("--level <level>", "attack at this level").choices([...LEVELS]))
    .option("--json", "print it as JSON", false)
    .addHelpText(
      "after",
      `
The attacks stay on this machine, aim at files and processes made for them, and leave nothing behind.
Exit codes: 0 nothing got out, 1 something did, 2 bad usage, 3 the level is not to be had.

Examples:
  sheath doctor
  sheath doctor --attack
  sheath doctor --attack --json > report.json`,
    )
    .action(async (flags: DoctorFlags) => {
      const { examine } = await import("./doctor.ts");
      done(await examine(flags));
    });
}
