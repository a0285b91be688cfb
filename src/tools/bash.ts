// Bash: runs a command in the box, to its end or in the background.
import * as z from "zod";
import type { ToolResult } from "../core/tool_result.ts";
import { expectFolder } from "./found_path.ts";
import { readInput, wholeNumber } from "./input.ts";
import { pathField } from "./path_text.ts";
import { runResult } from "./run_result.ts";
import { shellsOf } from "./session_shells.ts";
import type { Shells } from "./shells.ts";
import type { HandsTool } from "./tool.ts";
import type { World } from "./world.ts";

const DEFAULT_TIMEOUT_MS = 120_000;
const MAX_TIMEOUT_MS = 600_000;
/** Below what the kernel takes as one argument; the box refuses more. */
const MAX_COMMAND_BYTES = 100_000;

const input = z.object({
  command: z.string().check(
    z.refine((command: string) => problemOf(command) === undefined, {
      error: ({ input }) => problemOf(String(input)) ?? "not a command",
    }),
    z.describe("The text for the shell."),
  ),
  timeout: z.optional(wholeNumber(
    `Milliseconds after which it is ended; from 1 to ${MAX_TIMEOUT_MS}, default \
${DEFAULT_TIMEOUT_MS}. Not for commands in the background.`,
    { least: 1, most: MAX_TIMEOUT_MS },
  )),
  description: z.optional(
    z.string().check(z.describe("What the command does, in a few words.")),
  ),
  run_in_background: z.optional(
    z.boolean().check(z.describe(
      "Return at once with a bash_id and let it run on, for servers and watchers; read it with \
BashOutput, end it with KillShell.",
    )),
  ),
  workdir: z.optional(
    pathField("The folder to run it in, inside the granted folders. Default: the current folder."),
  ),
});

export const bashTool: HandsTool = {
  name: "Bash",
  runs: "hands",
  description:
    `Runs a command with bash, or sh where there is none. Each command starts anew: the folder, \
variables and functions of the one before are gone, and no start-up file is read; join what \
belongs together with &&. There is no stdin and no terminal.
The command runs in a box: no network at all, not even localhost; files only in the granted \
folders (the workspace can be written), system programs read-only, no /proc; HOME and TMPDIR are \
private folders. Processes it leaves running are ended with it. It can signal only what it \
started itself: end a command in the background with KillShell. To read, write, edit or find \
files use the other tools.
Names that other programs run or trust are put back after each command, and what is new under \
them is removed, with a line on stderr: .git/config, .git/hooks, .git/info, .gitmodules, .husky, \
.vscode, .mcp.json, .envrc and the like. So what git init, git remote add, \
git config or git clone write there does not last: ask the user to run those.
Returns JSON: command, cwd, stdout, stderr (512 KiB each unless configured), exit_code, timed_out, \
stdout_truncated, stderr_truncated, environment; in the background bash_id, command, status, cwd, \
environment.`,
  input,
  arguments: "strict",
  prepare(raw) {
    const { command } = readInput(input, raw);
    return { mutating: true, needs: [{ type: "execute_command", command }] };
  },
  async perform(raw, world, signal) {
    const request = readInput(input, raw);
    signal.throwIfAborted();
    const { shell } = shellsOf(world);
    const folder = world.files.resolve(request.workdir ?? ".");
    const cwd = (await expectFolder(folder, world.roots)).path;
    const program = { argv: [shell, "-c", request.command], cwd } as const;
    if (request.run_in_background) return await runBehind(program, world, signal);
    return await runToEnd(program, { ...request, world }, signal);
  },
};

type ShellProgram = {
  readonly argv: readonly [shell: string, flag: string, command: string];
  readonly cwd: string;
};

async function runToEnd(
  program: ShellProgram,
  { timeout: timeoutMs = DEFAULT_TIMEOUT_MS, world }: {
    readonly timeout?: number | undefined;
    readonly world: World;
  },
  signal: AbortSignal,
): Promise<ToolResult> {
  const shells = shellsOf(world);
  const { outputBytes } = shells;
  const onLines = (text: string) => world.emit(text);
  const end = await shells.run({ ...program, outputBytes, timeoutMs, onLines }, signal);
  const { argv: [, , command], cwd } = program;
  return runResult(end, {
    before: { command, cwd },
    after: { environment: environmentOf(shells) },
  });
}

async function runBehind(
  program: ShellProgram,
  world: World,
  signal: AbortSignal,
): Promise<ToolResult> {
  const shells = shellsOf(world);
  const { id } = await shells.startBackground(program, signal);
  const { argv: [, , command], cwd } = program;
  const about = { command, status: "running", cwd, environment: environmentOf(shells) };
  return {
    success: true,
    result: JSON.stringify({ bash_id: id, ...about }),
    display_preference: "Collapsible",
  };
}

/** What there is where it runs, for the model. */
function environmentOf({ shell, isBoxed }: Shells): Readonly<Record<string, string>> {
  return isBoxed
    ? { source: "sheath", shell, network: "none", home: "private" }
    : { source: "unconfined", shell, network: "the user's", home: "the user's" };
}

function problemOf(command: string): string | undefined {
  if (command === "") return "expected a command, got an empty text";
  if (command.includes("\0")) return "expected a command, got a text with a NUL character";
  const bytes = new TextEncoder().encode(command).length;
  if (bytes <= MAX_COMMAND_BYTES) return undefined;
  return `expected a command of at most ${MAX_COMMAND_BYTES} bytes, got ${bytes}; use a script file`;
}
