// What a tool may touch while it performs: made by the hands compartment for each call.
import type { Clock } from "../base/clock.ts";
import type { Roots } from "./roots.ts";
import type { SessionFiles } from "./session_files.ts";
import type { Shells } from "./shells.ts";
import type { Skills } from "./skills.ts";

export interface World {
  /** The folders the call may reach. */
  readonly roots: Roots;
  /** Working folder and read marks of the session the call belongs to. */
  readonly files: SessionFiles;
  /** Programs of the session; undefined where none may be started. */
  readonly shells: Shells | undefined;
  /** Skills of the session; undefined where there are none. */
  readonly skills: Skills | undefined;
  readonly sessionId: string;
  readonly clock: Clock;
  /** Streams output of a running call to the reader as tool_token events. */
  emit(text: string): void;
}
