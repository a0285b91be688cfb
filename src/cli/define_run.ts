// The flags and help of `sheath run`; what it does is run.ts's.
import { type Command, Option } from "commander";
import { EFFORTS } from "./efforts.ts";
import type { RunFlags } from "./run.ts";
import { addApproveOption, addSpecOptions } from "./spec_options.ts";
import { type Started, startRun } from "./started.ts";

export type RunContext = {
  readonly done: (exitCode: number) => void;
  /** What the command has begun already. */
  readonly started: Started | undefined;
};

export function defineRun(program: Command, { done, started }: RunContext): void {
  addApproveOption(addSpecOptions(program.command("run")))
    .description("Gives a task to a caged agent and shows what it does.")
    .argument("[task...]", "what to do; - reads it from stdin; without one a demo is played")
    .option("--spec <file>", "take this spec and lay the other flags over it; - reads stdin")
    .addOption(
      new Option("--effort <level>", "how hard the model should think, where it can").choices(
        EFFORTS,
      ),
    )
    .option("--json", "print every frame as one line of JSON", false)
    .option("-q, --quiet", "print the result and errors only", false)
    .addHelpText(
      "after",
      `
Exit codes: 0 completed, 1 failed, 2 bad usage or spec, 3 refused or cage not to be had,
4 cancelled, 5 limit or budget reached, 124 timed out.
Variables: OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY (the first that is set gives the model),
SHEATH_FABRIC, NO_COLOR, XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR.
Configuration: ~/.config/sheath/config.yaml; sheath config --help tells what it may say.

Examples:
  sheath run "fix the failing test"
  sheath run -m anthropic:claude-haiku-5-5 "explain main.ts"
  sheath run -m ollama:qwen3 --base-url http://127.0.0.1:11434/v1 "explain main.ts"
  git diff | sheath run --quiet --max-rounds 5 -
  sheath run --ask --read ../lib "use the helpers in ../lib"`,
    )
    .action(async (words: readonly string[], flags: RunFlags) => {
      const { run } = await import("./run.ts");
      await using begun = started ?? startRun([]);
      done(await run(words, flags, begun));
    });
}
