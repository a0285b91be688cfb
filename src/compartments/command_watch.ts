// What all commands of a worker take together: counted from outside of their box, ten times a
// second while there is a keeper.
import { every } from "../base/clock.ts";
import type { CommandLimits } from "../grants/grants.ts";
import type { Kernel } from "../sandbox/kernel.ts";
import type { ProcessFacts } from "../sandbox/proc_tree.ts";

const LOOK_EVERY_MS = 100;
/** Folders are walked on every so many looks: it takes longer than counting processes. */
const WALK_EVERY = 10;
/** Entries beyond which a folder is as good as full: a walk must end. */
const MAX_ENTRIES = 50_000;
/** The unit of `blocks` in a file's status. */
const BLOCK_BYTES = 512;
/** What is still over a limit after so many looks cannot be ended. */
const PATIENCE = 50;

export type CommandWatchOptions = {
  readonly kernel: Pick<Kernel, "descendants" | "namelessBytes">;
  /** How many processes stand between this one and the commands: they are not counted. */
  readonly keepers: number;
  readonly limits: CommandLimits;
  /** Commands' own home and temporary folder. */
  readonly folders: readonly string[];
  /** Ends what runs: `why` is one line that names the limit. */
  readonly onExceeded: (why: string) => void;
  /** What was to be ended has not ended. */
  readonly onHopeless: (why: string) => void;
};

/** Starts to count when it is told that there is a keeper. */
export class CommandWatch implements Disposable {
  readonly #options: CommandWatchOptions;
  #looking: Disposable | undefined;
  #looks = 0;
  #exceeded = 0;
  #storedBytes = 0;
  #restingBytes = 0;
  #isResting = true;

  constructor(options: CommandWatchOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#looking ??= every(LOOK_EVERY_MS, () => this.#look());
  }

  [Symbol.dispose](): void {
    this.#looking?.[Symbol.dispose]();
  }

  #look(): void {
    const { kernel, keepers, limits, onExceeded, onHopeless } = this.#options;
    const processes = kernel.descendants().filter(({ depth }) => depth > keepers);
    this.#walk(processes);
    const why = exceeded({ ...limits, tmpBytes: Math.max(limits.tmpBytes, this.#restingBytes) }, {
      processes: processes.length,
      memoryBytes: processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
      tmpBytes: this.#storedBytes,
    });
    this.#exceeded = why === undefined ? 0 : this.#exceeded + 1;
    if (why === undefined) return;
    if (this.#exceeded > PATIENCE) onHopeless(why);
    else onExceeded(why);
  }

  /** What lay there when nothing ran may stay, whatever it is: so a command can clean up. */
  #walk(processes: readonly ProcessFacts[]): void {
    const { kernel, folders } = this.#options;
    const isResting = processes.length === 0;
    const isDue = isResting ? !this.#isResting : this.#looks++ % WALK_EVERY === 0;
    this.#isResting = isResting;
    if (!isDue) return;
    const nameless = processes.reduce((sum, { pid }) => sum + kernel.namelessBytes(pid), 0);
    this.#storedBytes = storedBytes(folders) + nameless;
    if (isResting) this.#restingBytes = this.#storedBytes;
  }
}

/** The first limit that is passed, in words. Pure. */
export function exceeded(
  limits: CommandLimits,
  taken: Pick<CommandLimits, "processes" | "memoryBytes" | "tmpBytes">,
): string | undefined {
  const names = { processes: "processes", memoryBytes: "memory_bytes", tmpBytes: "tmp_bytes" };
  for (const key of ["processes", "memoryBytes", "tmpBytes"] as const) {
    if (taken[key] <= limits[key]) continue;
    const what = `${taken[key]}, at most ${limits[key]}`;
    return `all commands were ended: ${what} (capabilities.sandbox.limits.${names[key]})`;
  }
  return undefined;
}

/** Bytes on disk below the folders; links are not followed. Infinite past a number of entries. */
function storedBytes(folders: readonly string[]): number {
  let bytes = 0;
  let entries = 0;
  const left = [...folders];
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    try {
      for (const { name, isDirectory } of Deno.readDirSync(folder)) {
        if (++entries > MAX_ENTRIES) return Infinity;
        const path = `${folder}/${name}`;
        if (isDirectory) left.push(path);
        else bytes += (Deno.lstatSync(path).blocks ?? 0) * BLOCK_BYTES;
      }
    } catch {
      // It went away, or its mode keeps us out: what is in it then counts for nothing.
    }
  }
  return bytes;
}
