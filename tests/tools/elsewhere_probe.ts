// The program of elsewhere.ts: performs the calls of its argument and prints what they gave.
import { systemClock } from "../../src/base/clock.ts";
import { messageOf, WorkerError } from "../../src/core/errors.ts";
import { findHandsTool } from "../../src/tools/hands_tools.ts";
import { ProtectedGuard } from "../../src/tools/protected_guard.ts";
import { SessionFiles } from "../../src/tools/session_files.ts";
import { Shells } from "../../src/tools/shells.ts";
import { FakeBox } from "./fake_box.ts";

const { roots, calls } = JSON.parse(Deno.args[0] ?? "");
const files = new SessionFiles(roots);
/** A command is a path here, at which it writes. */
const box = new FakeBox((program) => {
  Deno.writeTextFileSync(program.program.argv[2] ?? "", "planted");
  program.end(0);
});
const shells = new Shells({
  box,
  guard: new ProtectedGuard({ roots, clock: systemClock }),
  clock: systemClock,
  workspace: roots.workspace,
  shell: "/bin/sh",
  program: "/opt/sheath",
  outputBytes: 1000,
});
const world = {
  roots,
  files,
  shells,
  skills: undefined,
  sessionId: "session-1",
  clock: systemClock,
  emit: () => {},
};
const answers: string[] = [];
for (const [name, args] of calls) {
  try {
    const result = await findHandsTool(name)?.perform(args, world, AbortSignal.timeout(30_000));
    answers.push(result?.result ?? "no such tool");
  } catch (thrown) {
    const fault = thrown instanceof WorkerError ? thrown.fault : "crash";
    answers.push(`${fault}: ${messageOf(thrown)}`);
  }
}
// deno-lint-ignore no-console
console.log(JSON.stringify(answers));
