// The one place that a text of the model names, where its system leaves no doubt about that.
import { resolve } from "node:path";
import { HERE, type PathSystem, resolvedOnWindows, windowsFlaw } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import { shown } from "./path_text.ts";

/**
 * Absolute and normalised; `folder` is that too, and what a relative text starts from.
 * @throws WorkerError `refused` for what Windows would take for another place, or for none.
 */
export function namedPath(folder: string, text: string, system: PathSystem = HERE): string {
  if (system === "unix") return resolve(folder, text);
  const flaw = windowsFlaw(text);
  if (flaw === undefined) return resolvedOnWindows(folder, text);
  throw new WorkerError("refused", `Cannot use ${shown(text)}: ${flaw}`);
}
