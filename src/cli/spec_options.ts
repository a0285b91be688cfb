// The flags that shape a spec, the same for every command that makes one.
import { type Command, InvalidArgumentError, Option } from "commander";
import { LEVELS } from "../grants/level.ts";
import { APPROVE_RULES } from "./approver.ts";
import { DEFAULT_MODELS } from "./default_models.ts";
import { COMMANDS_FLAGS } from "./run_spec.ts";

/** Adds what `SpecFlags` has, but for `--spec`. */
export function addSpecOptions(command: Command): Command {
  return command
    .option("-m, --model <provider:model>", `model to use, such as openai:${DEFAULT_MODELS.openai}`)
    .option(
      "--base-url <url>",
      "address of the server: Ollama's, say; OpenAI's protocol unless the provider's",
    )
    .option("-w, --workspace <dir>", "folder of the tools (default: the current folder)")
    .option("--read <path>", "one more folder or file that tools may read; repeatable", collect, [])
    .option("--write <path>", "one more that tools may also change; repeatable", collect, [])
    .option("--skills <dir>", "folder of skills (default: ~/.config/sheath/skills, if it is there)")
    .option("--trust-workspace", "let skills in the workspace count too")
    .addOption(
      new Option(
        "--require <level>",
        "least level of the cage, below it exit 3 (default: kernel on Linux, else deno)",
      ).choices(LEVELS),
    )
    .addOption(
      new Option(
        "--commands <mode>",
        "programs the agent may start: boxed (on), none (off), or as you yourself (unconfined)",
      ).choices(COMMANDS_FLAGS),
    )
    .option("--role <name>", "role in the agent's record (default: worker)")
    .option(
      "--host <host:port>",
      "a host that pages may be fetched from, or public; repeatable",
      collect,
      [],
    )
    .option("--max-rounds <n>", "model calls a run may take (default: 200)", count)
    .option("--timeout <seconds>", "time a run may take (default: no limit)", count)
    .option("--context <tokens>", "what the model takes in (default: what is known of it)", count)
    .option("--max-output <tokens>", "what it may give out (default: what is known of it)", count)
    .option("--max-tokens <n>", "tokens it may use up (default: no limit)", count)
    .option("--max-cost <usd>", "US dollars its model may cost (default: no limit)", amount)
    .option("--max-tool-calls <n>", "tools it may call (default: no limit)", count)
    .option("--max-seconds <n>", "time it may take, told as a budget (default: no limit)", count)
    .option("--plan", "change nothing before a plan is approved, at the terminal")
    .option("--script <file>", "play the turns of a YAML or JSON file instead of asking a model")
    .option("--echo", "echo the task instead of asking a model", false)
    .option("--ask", "ask before each act that changes something")
    .option("--no-ask", "do not, whatever the configuration or spec says")
    .option("--fabric <dir>", "folder of the agents' records")
    .option("--config <file>", "configuration instead of ~/.config/sheath/config.yaml")
    .option("--no-config", "no configuration");
}

export function addApproveOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--approve <rule>",
      "what it may have without asking you; without a terminal all else is denied",
    ).choices(APPROVE_RULES),
  );
}

function collect(path: string, before: readonly string[]): readonly string[] {
  return [...before, path];
}

/** US dollars. */
function amount(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError("Expected US dollars such as 0.50.");
}

/** Seconds, rounds, tokens: as a spec takes them. */
function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 0xffff_ffff) return value;
  throw new InvalidArgumentError("Expected a whole number from 1 up.");
}
