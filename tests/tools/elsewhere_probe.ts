// The program of elsewhere.ts: performs the calls of its argument and prints what they gave.
import { systemClock } from "../../src/base/clock.ts";
import { messageOf, WorkerError } from "../../src/core/errors.ts";
import { findTool } from "../../src/tools/builtin.ts";
import { SessionFiles } from "../../src/tools/session_files.ts";

const { roots, calls } = JSON.parse(Deno.args[0] ?? "");
const files = new SessionFiles(roots);
const world = { roots, files, sessionId: "session-1", clock: systemClock, emit: () => {} };
const answers: string[] = [];
for (const [name, args] of calls) {
  try {
    const result = await findTool(name)?.perform(args, world, AbortSignal.timeout(30_000));
    answers.push(result?.result ?? "no such tool");
  } catch (thrown) {
    const fault = thrown instanceof WorkerError ? thrown.fault : "crash";
    answers.push(`${fault}: ${messageOf(thrown)}`);
  }
}
// deno-lint-ignore no-console
console.log(JSON.stringify(answers));
