// What a tool of the agent's own compartment may touch: made by the loop for each run.
import type { Clock } from "../base/clock.ts";
import type { TaskList } from "../core/task_list.ts";
import type { Web } from "./web.ts";

export interface Desk {
  readonly sessionId: string;
  readonly clock: Clock;
  /** RFC 3339, UTC. */
  readonly timestamp: () => string;
  /** The session's list; undefined before the first. Changed by `setTasks` alone. */
  readonly tasks: TaskList | undefined;
  setTasks(list: TaskList): void;
  /** Absolute folder of this session's notes, in the agent's domain; it need not exist. */
  readonly notesFolder: string;
  readonly web: Web;
  /** Whether the run is in plan mode. */
  readonly isPlanning: boolean;
  /** Model calls and tool calls of this run so far. */
  readonly counts: { readonly rounds: number; readonly toolCalls: number };
}
