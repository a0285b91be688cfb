// What is said of a glob pattern that cannot be used, whichever argument it came in.
import { WorkerError } from "../core/errors.ts";

export function globProblem(pattern: string, problem: string): WorkerError {
  const shown = JSON.stringify(pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern);
  return new WorkerError("bad_input", `Cannot use glob pattern ${shown}: ${problem}`);
}
