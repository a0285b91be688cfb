// Commands of a scripted model, and what each came to, read out of its tool result.
import { strict as assert } from "node:assert";
import type { Playground } from "./playground.ts";
import type { NamedCall } from "./scripted_spec.ts";
import { makeToolCalls } from "./tool_calls.ts";
import { isObject, type ToolOutcome } from "./worker_connection.ts";

export type CommandEnd = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit_code: number;
  readonly timed_out: boolean;
  readonly stdout_truncated: boolean;
  readonly stderr_truncated: boolean;
};

export type Commands = {
  readonly ground: Playground;
  /** Texts for Bash, or calls as they are. */
  readonly commands: readonly (string | NamedCall)[];
  /** capabilities.sandbox. */
  readonly sandbox?: Readonly<Record<string, unknown>>;
};

/** Calls one after another, in a worker of their own. */
export async function commandOutcomes(options: Commands): Promise<readonly ToolOutcome[]> {
  const { ground, commands, sandbox = {} } = options;
  const calls = commands.map((call): NamedCall => typeof call === "string" ? bash(call) : call);
  return await makeToolCalls({ ground, calls, fields: { capabilities: { sandbox } } });
}

/** The same, where each of them starts. */
export async function runCommands(options: Commands): Promise<readonly CommandEnd[]> {
  return (await commandOutcomes(options)).map(endOf);
}

/** One that starts. */
export async function runCommand(
  ground: Playground,
  command: string | NamedCall,
): Promise<CommandEnd> {
  const [end] = await runCommands({ ground, commands: [command] });
  assert.ok(end);
  return end;
}

export function bash(command: string, args: Readonly<Record<string, unknown>> = {}): NamedCall {
  return ["Bash", { command, ...args }];
}

/** An end with exit code 0 that said nothing, and what is otherwise. */
export function ended(fields: Partial<CommandEnd> = {}): CommandEnd {
  return {
    stdout: "",
    stderr: "",
    exit_code: 0,
    timed_out: false,
    stdout_truncated: false,
    stderr_truncated: false,
    ...fields,
  };
}

/** The parts of a result that say how a program ended. */
export function endOf({ success, text }: ToolOutcome): CommandEnd {
  const fields = fieldsOf(text);
  const end = {
    stdout: String(fields.stdout),
    stderr: String(fields.stderr),
    exit_code: Number(fields.exit_code),
    timed_out: fields.timed_out === true,
    stdout_truncated: fields.stdout_truncated === true,
    stderr_truncated: fields.stderr_truncated === true,
  };
  assert.equal(success, end.exit_code === 0 && !end.timed_out, text);
  return end;
}

/** The object that a tool's result is the text of. */
export function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  const fields: unknown = JSON.parse(text);
  assert.ok(isObject(fields), text);
  return fields;
}
