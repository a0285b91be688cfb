// Which programs run, and that what they leave behind ends with them; spawns nothing itself.
import type { Clock } from "../base/clock.ts";
import type { KeeperKernel } from "../sandbox/keeper_kernel.ts";

const REAP_EVERY_MS = 250;
/** After the last program orphans are looked for this often and not again. */
const QUIET_LOOKS = 4;
const KILL_EVERY_MS = 10;

export type ProcessTreeOptions = {
  readonly kernel: KeeperKernel;
  readonly clock: Clock;
};

export class ProcessTree implements Disposable {
  readonly #kernel: KeeperKernel;
  readonly #clock: Clock;
  readonly #disposal = new AbortController();
  /** By id; undefined while the spawner has not told the pid. */
  readonly #running = new Map<number, number | undefined>();
  #isReaping = false;

  constructor({ kernel, clock }: ProcessTreeOptions) {
    this.#kernel = kernel;
    this.#clock = clock;
  }

  /** To be called before the spawner is asked for the program. */
  noteStart(id: number): void {
    this.#running.set(id, undefined);
    if (!this.#isReaping) void this.#reapWhileBusy();
  }

  noteStarted(id: number, pid: number): void {
    if (this.#running.has(id)) this.#running.set(id, pid);
  }

  /** Of the programs that run. */
  pids(): readonly number[] {
    return [...this.#running.values()].filter((pid) => pid !== undefined);
  }

  /**
   * It has exited, or was not started. With the last one everything that is left is ended: what is
   * not boxed cannot be told apart before.
   */
  noteOver(id: number): void {
    this.#running.delete(id);
    if (this.#running.size === 0) this.#kernel.killAll();
  }

  /** The spawner is gone: nobody else buries what it started. */
  disown(): void {
    this.#running.clear();
  }

  /** Ends everything that runs or is about to; false when something is left after `ms`. */
  async killAll(ms: number): Promise<boolean> {
    const end = this.#clock.monotonic() + ms;
    for (;;) {
      this.#kernel.killAll();
      const isAnyLeft = this.#reap();
      if (!isAnyLeft && this.#running.size === 0) return true;
      if (this.#clock.monotonic() >= end) return false;
      await this.#clock.sleep(KILL_EVERY_MS, this.#disposal.signal);
    }
  }

  [Symbol.dispose](): void {
    this.#disposal.abort();
  }

  async #reapWhileBusy(): Promise<void> {
    this.#isReaping = true;
    try {
      for (let quiet = 0; quiet < QUIET_LOOKS; quiet = this.#running.size === 0 ? quiet + 1 : 0) {
        await this.#clock.sleep(REAP_EVERY_MS, this.#disposal.signal);
        this.#reap();
      }
    } catch {
      // Disposed.
    }
    this.#isReaping = false;
  }

  /** Whether any child is left. A child whose pid is not known yet could be taken for an orphan. */
  #reap(): boolean {
    const own = new Set<number>();
    for (const pid of this.#running.values()) {
      if (pid === undefined) return true;
      own.add(pid);
    }
    return this.#kernel.reapOrphans(own);
  }
}
