// The keeper's second thread: spawns programs, in a kernel layer from which none can signal the keeper.
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
export type SpawnerBeginning = { readonly port: MessagePort; readonly setup: Setup };

/** An error that nobody handles ends the thread, and the keeper with it. */
export function runSpawner(): void {
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent) || !isBeginning(event.data)) {
      throw new TypeError("Expected the port and the setup as the first message");
    }
    const { port } = event.data;
    const setup = checkMessage(setupSchema, event.data.setup);
    if (setup.boxed) narrowSpawner();
    Deno.permissions.revokeSync({ name: "ffi" });
    const tell = (message: FromSpawner) => port.postMessage(message);
    const spawner = new Spawner({ setup, clock: systemClock, tell });
    port.onmessage = ({ data }) => spawner.take(checkMessage(toSpawnerSchema, data));
    tell({ type: "ready" });
  }, { once: true });
}

function isBeginning(data: unknown): data is { port: MessagePort; setup: unknown } {
  return typeof data === "object" && data !== null &&
    "port" in data && data.port instanceof MessagePort && "setup" in data;
}

class Spawner {
  readonly #options: SpawnedProgramOptions;
  readonly #programs = new Map<number, SpawnedProgram>();

  constructor(options: SpawnedProgramOptions) {
    this.#options = options;
  }

  take(message: ToSpawner): void {
    switch (message.type) {
      case "start":
        return this.#start(message);
      case "kill":
        return this.#programs.get(message.id)?.kill();
      case "taken":
        return this.#programs.get(message.id)?.noteTaken(message.count);
    }
  }

  #start(start: Start): void {
    const { id } = start;
    const why = whyNotStarted(start);
    if (why !== undefined) return this.#options.tell({ type: "refused", id, error: why });
    try {
      const program = new SpawnedProgram(start, this.#options);
      this.#programs.set(id, program);
      program.ended.then(() => this.#programs.delete(id));
    } catch (thrown) {
      const error = `Cannot start ${JSON.stringify(start.argv[0])}: ${messageOf(thrown)}`;
      this.#options.tell({ type: "refused", id, error });
    }
  }
}
