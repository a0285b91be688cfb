// The flags that shape a spec, the same for every command that makes one.
import { type Command, InvalidArgumentError, Option } from "commander";
import { LEVELS } from "../grants/level.ts";
import { DEFAULT_MODELS } from "./default_models.ts";
import { COMMANDS_FLAGS } from "./run_spec.ts";

/** Adds what `SpecFlags` has, but for `--spec`. */
export function addSpecOptions(command: Command): Command {
  return command
    .option("-m, --model <provider:model>", `model to use, such as openai:${DEFAULT_MODELS.openai}`)
    .option("--base-url <url>", "address of an OpenAI-compatible server, such as Ollama's")
    .option("-w, --workspace <dir>", "folder of the tools (default: the current folder)")
    .option("--read <path>", "one more folder or file that tools may read; repeatable", collect, [])
    .option("--write <path>", "one more that tools may also change; repeatable", collect, [])
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
    .option("--max-rounds <n>", "model calls a run may take (default: 200)", count)
    .option("--timeout <seconds>", "time a run may take (default: no limit)", count)
    .option("--script <file>", "play the turns of a YAML or JSON file instead of asking a model")
    .option("--echo", "echo the task instead of asking a model", false)
    .option("--ask", "ask before each act that changes something", false)
    .option("--fabric <dir>", "folder of the agents' records");
}

function collect(path: string, before: readonly string[]): readonly string[] {
  return [...before, path];
}

/** Seconds, rounds: as a spec takes them. */
function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 0xffff_ffff) return value;
  throw new InvalidArgumentError("Expected a whole number from 1 up.");
}
