// The flags and help of `sheath config`; what it does is show_config.ts's.
import type { Command } from "commander";
import type { ShowFlags } from "./show_config.ts";
import { addApproveOption, addSpecOptions } from "./spec_options.ts";

export function defineConfig(program: Command, done: (exitCode: number) => void): void {
  const config = program.command("config")
    .description("Shows the configuration that `sheath run` goes by.")
    .addHelpText("after", CONFIG_HELP);
  addApproveOption(addSpecOptions(config.command("show")))
    .description("Lists every setting with its value and where that comes from; never a key.")
    .option("--json", "print it as a JSON array", false)
    .addHelpText("after", "\nExample:\n  sheath config show --model work:gpt-6-luna")
    .action(async (flags: ShowFlags) => {
      const { showConfig } = await import("./show_config.ts");
      done(await showConfig(flags));
    });
  config.command("path")
    .description("Prints where the file lies, or would lie.")
    .addHelpText("after", "\nExample:\n  ${EDITOR:-vi} $(sheath config path)")
    .action(async () => {
      const { showConfigPath } = await import("./show_config.ts");
      done(showConfigPath({}));
    });
}

const CONFIG_HELP = `
$XDG_CONFIG_HOME/sheath/config.yaml, else ~/.config/sheath/config.yaml, may say (flags win):

  model: work:gpt-6-luna                  # provider:model
  providers:
    work:
      protocol: openai                    # or anthropic, gemini
      base_url: https://llm.example.com/v1
      key_command: pass show work/llm     # its first line is the key; no shell reads it
  limits: { max_rounds: 100, run_timeout_secs: 900, context_tokens: 128000, output_tokens: 8000 }
  budget: { total_tokens: 500000, cost_usd: 0.50, tool_calls: 200, wall_secs: 1800 }
  prices:                                 # US dollars for a million tokens
    gpt-6-luna: { input: 0.25, output: 2, cached_input: 0.025, cache_write: 0.25 }
  ask: false
  approve: edits                          # never, edits, all
  require: kernel                         # deno, kernel, namespace
  commands: on                            # on, off, unconfined
  read: [~/notes]                         # absolute, or ~/ and more
  write: []
  hosts: ["docs.example.com:443"]         # or public

Keys never stand in it. A file of the workspace is never read, and no agent may change this one.

Examples:
  sheath config show
  sheath config show --json
  sheath config path`;
