// The level that the compiled program reaches on the machine under the tests.
import type { Level } from "../../src/grants/level.ts";
import { lookAtKernel } from "../../src/sandbox/kernel.ts";
import { judgeMachine } from "../../src/sandbox/probe.ts";

// Outside of any test: the C library stays loaded.
const { level } = judgeMachine({ ...lookAtKernel(), isStandalone: true }, []);

export function levelHere(): Level {
  return level;
}
