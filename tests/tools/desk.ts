// What a tool of the agent's compartment needs to perform in a test, and short ways to call it.
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { WorkerError } from "../../src/core/errors.ts";
import type { TaskList } from "../../src/core/task_list.ts";
import type { Desk } from "../../src/tools/desk.ts";
import type { AgentTool, AgentToolOutcome } from "../../src/tools/tool.ts";
import type { Web } from "../../src/tools/web.ts";
import { tempDir } from "../support/temp_dir.ts";

export type ToolDeskOptions = {
  /** The default one refuses every address. */
  readonly web?: Web;
  readonly clock?: Clock;
  readonly tasks?: TaskList;
  /** False without it. */
  readonly isPlanning?: boolean;
};

export class ToolDesk implements AsyncDisposable, Desk {
  readonly #dir = tempDir();
  readonly sessionId = "session-1";
  readonly notesFolder = join(this.#dir.path, "notes");
  readonly clock: Clock;
  readonly web: Web;
  readonly isPlanning: boolean;
  readonly counts = { rounds: 3, toolCalls: 7 };
  tasks: TaskList | undefined;

  constructor(
    { web = NO_WEB, clock = systemClock, tasks, isPlanning = false }: ToolDeskOptions = {},
  ) {
    this.clock = clock;
    this.web = web;
    this.tasks = tasks;
    this.isPlanning = isPlanning;
  }

  readonly timestamp = (): string => "2026-06-18T10:00:00Z";

  setTasks(list: TaskList): void {
    this.tasks = list;
  }

  call(
    tool: AgentTool,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<AgentToolOutcome> {
    return tool.perform(args, this, signal);
  }

  /** The text of a call that succeeds. */
  async text(tool: AgentTool, args: Readonly<Record<string, unknown>>): Promise<string> {
    const { success, result } = (await this.call(tool, args)).result;
    if (!success) throw new Error(`Expected success, got: ${result}`);
    return result;
  }

  /** The line of a call that is refused; paths are shown from the test's folder on. */
  async refusal(tool: AgentTool, args: Readonly<Record<string, unknown>>): Promise<string> {
    try {
      const { result } = (await this.call(tool, args)).result;
      throw new TypeError(`Expected a refusal, got: ${result}`);
    } catch (thrown) {
      if (!(thrown instanceof WorkerError)) throw thrown;
      return `${thrown.fault}: ${thrown.message.replaceAll(this.#dir.path, "")}`;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dir[Symbol.asyncDispose]();
  }
}

const NO_WEB: Web = {
  get: () => Promise.reject(new WorkerError("refused", "Cannot fetch: no host is granted")),
};
