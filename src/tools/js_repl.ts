// js_repl: runs JavaScript in a process that may touch nothing.
import * as z from "zod";
import { expectFolder } from "./found_path.ts";
import { readInput, wholeNumber } from "./input.ts";
import { runResult } from "./run_result.ts";
import { shellsOf } from "./session_shells.ts";
import type { HandsTool } from "./tool.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 120_000;
const OUTPUT_BYTES = 256 * 1024;
const MAX_CODE = 1_000_000;

const input = z.object({
  code: z.string().check(
    z.refine((code: string) => problemOf(code) === undefined, {
      error: ({ input }) => problemOf(String(input)) ?? "not a program",
    }),
    z.describe("The text of one JavaScript module."),
  ),
  timeout_ms: z.optional(wholeNumber(
    `Milliseconds after which it is ended; from 1 to ${MAX_TIMEOUT_MS}, default \
${DEFAULT_TIMEOUT_MS}.`,
    { least: 1, most: MAX_TIMEOUT_MS },
  )),
});

export const jsReplTool: HandsTool = {
  name: "js_repl",
  runs: "hands",
  description:
    `Runs JavaScript to compute something, in a new process each time: nothing is kept. Unlike \
node -e it is a module in sheath's own engine: top-level await works, require and the modules of \
node and npm are not for it, and it may touch nothing: no files, no network, no programs, no \
environment. Only what console.log and console.error print comes back. It ends when its last \
statement and its timers have; await other work. For files use Read, Write or Bash. Returns JSON: \
stdout, stderr (256 KiB each), exit_code (1 after an uncaught error), timed_out, stdout_truncated, \
stderr_truncated.`,
  input,
  arguments: "strict",
  prepare(raw) {
    const { code } = readInput(input, raw);
    return { mutating: true, needs: [{ type: "execute_code", code }] };
  },
  async perform(raw, world, signal) {
    const { code, timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS } = readInput(input, raw);
    signal.throwIfAborted();
    const shells = shellsOf(world);
    const cwd = (await expectFolder(world.files.folder, world.roots)).path;
    const end = await shells.run({
      argv: [shells.program, "js-repl"],
      cwd,
      input: code,
      outputBytes: OUTPUT_BYTES,
      timeoutMs,
      onLines: (text) => world.emit(text),
    }, signal);
    return runResult(end);
  },
};

function problemOf(code: string): string | undefined {
  if (code === "") return "expected some code, got an empty text";
  if (code.length <= MAX_CODE) return undefined;
  return `expected at most ${MAX_CODE} characters of code, got ${code.length}`;
}
