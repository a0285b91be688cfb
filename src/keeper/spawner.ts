// A thread of the keeper that spawns one program at a time, in a kernel layer from which none can
// signal the keeper or another thread's program.
import { systemClock } from "../base/clock.ts";
import { messageOf } from "../core/errors.ts";
import { narrowSpawner } from "../sandbox/keeper_kernel.ts";
import {
  checkMessage,
  type FromSpawner,
  type Setup,
  setupSchema,
  type Start,
  type ToSpawner,
  toSpawnerSchema,
} from "./messages.ts";
import { SpawnedProgram, type SpawnedProgramOptions } from "./spawned_program.ts";
import { whyNotStarted } from "./start_check.ts";

/** What the keeper sends the thread first, and once. */
export type SpawnerBeginning = {
  readonly port: MessagePort;
  readonly setup: Setup;
  /** Programs of other threads: none of them may be reached from here. */
  readonly others: readonly number[];
};

/** An error that nobody handles ends the thread, and the keeper with it. */
export function runSpawner(): void {
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent) || !isBeginning(event.data)) {
      throw new TypeError("Expected the port and the setup as the first message");
    }
    const { port, others } = event.data;
    const setup = checkMessage(setupSchema, event.data.setup);
    const kernel = setup.boxed ? narrowSpawner({ workerPid: setup.workerPid, others }) : undefined;
    Deno.permissions.revokeSync({ name: "ffi" });
    const tell = (message: FromSpawner) => port.postMessage(message);
    const spawner = new Spawner({ setup, kernel, clock: systemClock, tell });
    port.onmessage = ({ data }) => spawner.take(checkMessage(toSpawnerSchema, data));
    tell({ type: "ready" });
  }, { once: true });
}

function isBeginning(
  data: unknown,
): data is { port: MessagePort; setup: unknown; others: readonly number[] } {
  return typeof data === "object" && data !== null &&
    "port" in data && data.port instanceof MessagePort && "setup" in data &&
    "others" in data && Array.isArray(data.others);
}

class Spawner {
  readonly #options: SpawnedProgramOptions;
  #program: SpawnedProgram | undefined;

  constructor(options: SpawnedProgramOptions) {
    this.#options = options;
  }

  take(message: ToSpawner): void {
    switch (message.type) {
      case "start":
        return this.#start(message);
      case "kill":
        return this.#program?.kill();
      case "taken":
        return this.#program?.noteTaken(message.count);
    }
  }

  #start(start: Start): void {
    // The end of one would be the end of both.
    if (this.#program) throw new TypeError("Expected one program at a time");
    const { id } = start;
    const why = whyNotStarted(start);
    if (why !== undefined) return this.#options.tell({ type: "refused", id, error: why });
    try {
      this.#program = new SpawnedProgram(start, this.#options);
      this.#program.ended.then(() => this.#program = undefined);
    } catch (thrown) {
      const error = `Cannot start ${JSON.stringify(start.argv[0])}: ${messageOf(thrown)}`;
      this.#options.tell({ type: "refused", id, error });
    }
  }
}
