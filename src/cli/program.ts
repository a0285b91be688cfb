// The command line for people: commands, their flags, help, and how a failure is told.
import { Command, CommanderError } from "commander";
import { type Fault, toWorkerError } from "../core/errors.ts";
import { defineAgents } from "./define_agents.ts";
import { defineConfig } from "./define_config.ts";
import { defineDoctor } from "./define_doctor.ts";
import { defineExplain } from "./define_explain.ts";
import { defineRun } from "./define_run.ts";
import { printLine, printResult } from "./print.ts";
import { EXIT_CANCELLED } from "./run_end.ts";
import type { Started } from "./started.ts";
import { VERSION } from "./version.ts";

/** Exit code of a wrong command line. */
const EXIT_USAGE = 2;

/**
 * Runs one command to its exit code; failures become one line on stderr. `started` is what `run`
 * has begun already; its holder disposes it.
 */
export async function runProgram(
  args: readonly string[],
  started: Started | undefined,
): Promise<number> {
  let exitCode = 0;
  const program = programFor((code) => exitCode = code, started);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : EXIT_USAGE;
    const { fault, message } = toWorkerError(thrown);
    printLine(`sheath: ${message}`);
    return exitCodeOfFault(fault);
  }
}

function programFor(
  done: (exitCode: number) => void,
  started: Started | undefined,
): Command {
  const program = new Command("sheath")
    .description(
      "Runs AI agents you do not have to trust: in a folder you name, without your keys.",
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: printResult,
      writeErr: (text) => printLine(text.trimEnd()),
      outputError: (text, write) => write(problemLine(text)),
    })
    .addHelpText(
      "after",
      `
Examples:
  sheath run                                a demo, without any key
  sheath run "fix the failing test"         in the current folder, with OPENAI_API_KEY set
  sheath explain                            what such an agent could touch
  sheath doctor --attack                    does the cage hold on this machine?
  sheath worker < spec.json                 the worker that hosts drive; see sheath worker --help`,
    );
  defineRun(program, { done, started });
  defineExplain(program, done);
  defineConfig(program, done);
  defineAgents(program, done);
  defineDoctor(program, done);
  return program;
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` on one line, in our name. */
function problemLine(text: string): string {
  return `sheath: ${text.replace(/^error: /, "").trim().replace(/\s*\n\s*/g, " ")}`;
}

function exitCodeOfFault(fault: Fault): number {
  if (fault === "bad_input") return EXIT_USAGE;
  if (fault === "cancelled") return EXIT_CANCELLED;
  return fault === "refused" ? 3 : 1;
}
