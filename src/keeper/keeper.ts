// The keeper process: how it begins, what it passes on, and that everything in it ends with it.
import { systemClock } from "../base/clock.ts";
import { LineSplitter } from "../base/lines.ts";
import { settlesWithin } from "../base/within.ts";
import { messageOf } from "../core/errors.ts";
import { bootKeeper } from "../sandbox/keeper_kernel.ts";
import { encodeLine } from "./encode_line.ts";
import {
  decodeLine,
  type FromSpawner,
  MAX_LINE_BYTES,
  type Setup,
  setupSchema,
  type ToHands,
  type ToKeeper,
  toKeeperSchema,
} from "./messages.ts";
import { ProcessTree } from "./process_tree.ts";
import { SpawnerThreads } from "./spawner_threads.ts";

/** What has not ended so long after it was killed cannot be ended. */
const KILL_MS = 10_000;
/** How long the end of the keeper itself may take. */
const LEAVE_MS = 2_000;
const LAST_LINE_MS = 200;
const CHUNK_BYTES = 65_536;
const SIGNALS = [["SIGHUP", 129], ["SIGINT", 130], ["SIGTERM", 143]] as const;
/** What neither this thread nor a spawner needs once it has begun. */
const REVOKED = ["net", "env", "sys", "write"] as const;

/**
 * Resolves with the exit code: 0 when stdin ended, 128 + number of a signal, 1 after a failure.
 * Nothing that was started here is left then. `entryUrl` is `import.meta.url` of the entry file.
 */
export async function runKeeper(entryUrl: string): Promise<number> {
  const out = Deno.stdout.writable.getWriter();
  // Nobody reads any more: the end of stdin tells.
  const tell = (message: ToHands) => out.write(encodeLine(message)).catch(() => {});
  try {
    const lines = new LineSplitter({ maxBytes: MAX_LINE_BYTES });
    const first = readFirstLines(lines);
    if (first === undefined) return 0;
    const setup = decodeLine(setupSchema, first.setup);
    const kernel = bootKeeper(setup);
    for (const name of REVOKED) Deno.permissions.revokeSync({ name });
    using tree = new ProcessTree({ kernel, clock: systemClock });
    await using keeper = new Keeper({ tree, tell, setup, entryUrl });
    return await Promise.race([keeper.failed, signalled(), serve(keeper, lines, first.rest)]);
  } catch (thrown) {
    const told = tell({ type: "failed", error: messageOf(thrown) });
    await settlesWithin(told, { ms: LAST_LINE_MS, clock: systemClock });
    return 1;
  }
}

/**
 * Synchronous, because an asynchronous read would leave threads behind that nothing binds later.
 * Undefined when stdin ended first.
 */
function readFirstLines(
  lines: LineSplitter,
): { readonly setup: string; readonly rest: readonly string[] } | undefined {
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = Deno.stdin.readSync(buffer);
    if (count === null) return undefined;
    const [setup, ...rest] = lines.push(buffer.subarray(0, count));
    if (setup !== undefined) return { setup, rest };
  }
}

/** Resolves when stdin has ended. */
async function serve(
  keeper: Keeper,
  lines: LineSplitter,
  first: readonly string[],
): Promise<number> {
  for (const line of first) await keeper.take(decodeLine(toKeeperSchema, line));
  for await (const chunk of Deno.stdin.readable) {
    for (const line of lines.push(chunk)) await keeper.take(decodeLine(toKeeperSchema, line));
  }
  return 0;
}

function signalled(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  for (const [signal, code] of SIGNALS) Deno.addSignalListener(signal, () => resolve(code));
  return promise;
}

type KeeperOptions = {
  readonly tree: ProcessTree;
  readonly tell: (message: ToHands) => void;
  readonly setup: Setup;
  readonly entryUrl: string;
};

/** Stands between hands and the spawners. Disposing it ends everything that runs. */
class Keeper implements AsyncDisposable {
  readonly #tree: ProcessTree;
  readonly #tell: (message: ToHands) => void;
  readonly #failure = Promise.withResolvers<never>();
  readonly #spawners: SpawnerThreads;

  constructor({ tree, tell, setup, entryUrl }: KeeperOptions) {
    this.#tree = tree;
    this.#tell = tell;
    this.#spawners = new SpawnerThreads({
      setup,
      entryUrl,
      hear: (message) => this.#hear(message),
      fail: (thrown) => this.#loseSpawner(thrown),
    });
  }

  /** Rejects when a spawner fails. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /** A line of hands; what comes after a `kill_all` waits until nothing runs any more. */
  async take(message: ToKeeper): Promise<void> {
    switch (message.type) {
      case "start":
        this.#tree.noteStart(message.id);
        return this.#spawners.start(message, { others: this.#tree.pids() });
      case "kill":
      case "taken":
        return this.#spawners.pass(message);
      case "kill_all": {
        const isOver = await this.#tree.killAll(KILL_MS);
        if (!isOver) throw new Error(`Programs are left ${KILL_MS} ms after they were killed`);
        return this.#tell({ type: "all_killed" });
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tree.killAll(LEAVE_MS);
    this.#spawners.close();
  }

  #hear(message: FromSpawner): void {
    switch (message.type) {
      case "ready":
        return this.#tell(message);
      case "started":
        this.#tree.noteStarted(message.id, message.pid);
        return this.#tell(message);
      case "exited":
        return this.#tree.noteOver(message.id);
      case "refused":
        this.#tree.noteOver(message.id);
        return this.#tell(message);
      case "output":
      case "end":
        return this.#tell(message);
    }
  }

  #loseSpawner(thrown: unknown): void {
    this.#tree.disown();
    this.#failure.reject(new Error(`Spawner failed: ${messageOf(thrown)}`, { cause: thrown }));
  }
}
