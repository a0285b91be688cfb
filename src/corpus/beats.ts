// Whether something that a case left behind is still at work: it writes into the file `beat`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";

/** What was left behind may take so long to end. */
const GRACE_MS = 1_000;
const LOOK_MS = 500;
const NEVER = new AbortController().signal;

/** To be started in the background: it ends by itself after a minute, or with the folder. */
export const BEATING = "for i in $(seq 600); do echo $i > beat || exit; sleep 0.1; done";

/** Looks twice, after a time of grace. */
export async function isBeating(folder: string): Promise<boolean> {
  if (beatIn(folder) === undefined) return false;
  await systemClock.sleep(GRACE_MS, NEVER);
  const first = beatIn(folder);
  await systemClock.sleep(LOOK_MS, NEVER);
  return first !== beatIn(folder);
}

export function beatIn(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, "beat"), "utf8");
  } catch {
    return undefined; // nothing beats
  }
}
