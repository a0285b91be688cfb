// The programs of the session a call belongs to, or the refusal where none may be started.
import { WorkerError } from "../core/errors.ts";
import type { Shells } from "./shells.ts";
import type { World } from "./world.ts";

/** @throws WorkerError `refused`. */
export function shellsOf({ shells }: World): Shells {
  if (shells) return shells;
  throw new WorkerError(
    "refused",
    "Cannot start programs here: they need capabilities.sandbox.commands and level kernel or above",
  );
}
