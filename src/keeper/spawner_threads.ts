// The keeper's threads that spawn programs. No two programs that run share one: so what a program
// leaves behind can be told from what belongs to another.
import {
  checkMessage,
  type FromSpawner,
  fromSpawnerSchema,
  type Setup,
  type Start,
  type ToSpawner,
} from "./messages.ts";
import type { SpawnerBeginning } from "./spawner.ts";

export type SpawnerThreadsOptions = {
  readonly setup: Setup;
  /** Of the entry file: the threads' own lies beside it. */
  readonly entryUrl: string;
  /** May throw; is told `ready` once. */
  readonly hear: (message: FromSpawner) => void;
  /** Is told what a thread, or `hear`, threw. */
  readonly fail: (why: unknown) => void;
};

type Thread = {
  readonly port: MessagePort;
  readonly worker: Worker;
};

/** One thread stands ready; others come when programs run at the same time, and go after. */
export class SpawnerThreads {
  readonly #options: SpawnerThreadsOptions;
  /** By the program that each has. */
  readonly #busy = new Map<number, Thread>();
  #idle: Thread | undefined;
  #isReady = false;

  constructor(options: SpawnerThreadsOptions) {
    this.#options = options;
    this.#idle = this.#open([]);
  }

  /** `others`: the programs that run. */
  start(message: Start, { others }: { readonly others: readonly number[] }): void {
    const thread = this.#idle ?? this.#open(others);
    this.#idle = undefined;
    this.#busy.set(message.id, thread);
    thread.port.postMessage(message);
  }

  /** To whoever has the program; nobody does when it has ended. */
  pass(message: Exclude<ToSpawner, Start>): void {
    this.#busy.get(message.id)?.port.postMessage(message);
  }

  /** Nothing is heard after. */
  close(): void {
    if (this.#idle) stop(this.#idle);
    for (const thread of this.#busy.values()) stop(thread);
  }

  #open(others: readonly number[]): Thread {
    const { setup, entryUrl, fail } = this.#options;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      try {
        this.#take(checkMessage(fromSpawnerSchema, data));
      } catch (thrown) {
        fail(thrown);
      }
    };
    const worker = openWorker(entryUrl);
    // Without preventDefault an error in the thread ends the process on the spot.
    worker.onerror = (event) => {
      event.preventDefault();
      fail(new Error(event.message));
    };
    const beginning: SpawnerBeginning = { port: port2, setup, others };
    worker.postMessage(beginning, [port2]);
    return { port: port1, worker };
  }

  #take(message: FromSpawner): void {
    if (message.type === "ready") {
      if (this.#isReady) return;
      this.#isReady = true;
    }
    if (message.type === "end" || message.type === "refused") this.#release(message.id);
    this.#options.hear(message);
  }

  #release(id: number): void {
    const thread = this.#busy.get(id);
    if (!thread) throw new RangeError(`Spawner told of program ${id}, it has none`);
    this.#busy.delete(id);
    if (this.#idle) stop(thread);
    else this.#idle = thread;
  }
}

function openWorker(entryUrl: string): Worker {
  // Source files end in .ts, bundles in .js: a thread's file ends as its starter's does.
  const url = new URL(`./spawner${entryUrl.slice(entryUrl.lastIndexOf("."))}`, entryUrl);
  const permissions = {
    read: true,
    write: false,
    run: true,
    ffi: true,
    net: false,
    env: false,
    sys: false,
    import: false,
  };
  return new Worker(url, { type: "module", name: "spawner", deno: { permissions } });
}

function stop({ port, worker }: Thread): void {
  port.close();
  worker.terminate();
}
