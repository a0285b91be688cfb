// What the keeper of commands needs of the kernel: to be told of orphans and to end everything.
import type { Domain } from "../grants/domain.ts";
import { applySignalScope, landlockAbi, SCOPES_ABI } from "./landlock.ts";
import { openLibc } from "./libc.ts";
import { lockThread } from "./lock.ts";
import { descendants } from "./proc_tree.ts";
import { applySeccomp } from "./seccomp.ts";
import { shieldFilter } from "./seccomp_filter.ts";

const PR_SET_DUMPABLE = 4;
const PR_SET_CHILD_SUBREAPER = 36;
const PR_SET_NO_NEW_PRIVS = 38;
const SIGKILL = 9;
const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
const SIGINFO_BYTES = 128;
const SIGINFO_PID = 16;

export interface KeeperKernel {
  /** Ends every process below this one, whatever group or session it is in. */
  killAll(): void;
  /**
   * Buries the dead that the runtime does not know of: `own` are those it started itself. The
   * result tells whether any child is left, dead or alive.
   */
  reapOrphans(own: ReadonlySet<number>): boolean;
}

export type KeeperOptions = {
  /** Whether this process stands in a domain that holds its signals inside. */
  readonly boxed: boolean;
  /** The process that must be out of reach from there; undefined where it cannot be seen. */
  readonly workerPid?: number | undefined;
  /** What this thread is put into first; undefined where it stands in its domain already. */
  readonly domain?: Domain | undefined;
};

/**
 * Orphans become this process's children; no other process may read its memory.
 * @throws if it is said to be boxed and is not: then it must not start anything.
 */
export function bootKeeper({ boxed, workerPid, domain }: KeeperOptions): KeeperKernel {
  const libc = openLibc();
  if (domain) lockThread(libc, domain);
  const refused = (what: string) => new Error(`Cannot keep commands: ${what}`);
  if (libc.prctl(PR_SET_CHILD_SUBREAPER, 1n, 0n, 0n, 0n) !== 0) throw refused("no subreaper");
  if (libc.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n) !== 0) throw refused("still dumpable");
  if (boxed && landlockAbi(libc) < SCOPES_ABI) throw refused("signals have no scope");
  // Signal 0 sends nothing and asks whether one could be sent.
  if (boxed && workerPid !== undefined && libc.kill(workerPid, 0) === 0) {
    throw refused("the worker can be signalled");
  }
  return {
    killAll() {
      // To the kernel -1 is everyone it lets us signal: in the box, what was started here.
      if (boxed) libc.kill(-1, SIGKILL);
      else for (const { pid } of descendants(libc, Deno.pid)) libc.kill(pid, SIGKILL);
    },
    reapOrphans(own) {
      const info = new Uint8Array(SIGINFO_BYTES);
      const view = new DataView(info.buffer);
      for (;;) {
        view.setInt32(SIGINFO_PID, 0, true);
        if (libc.waitid(P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT) !== 0) return false;
        const pid = view.getInt32(SIGINFO_PID, true);
        if (pid === 0 || own.has(pid)) return true;
        libc.waitpid(pid, null, WNOHANG);
      }
    },
  };
}

export interface SpawnerKernel {
  /** Ends every process that descends from this thread, whatever group or session it is in. */
  killAll(): void;
}

export type SpawnerKernelOptions = Pick<KeeperOptions, "workerPid"> & {
  /** Programs of other threads. */
  readonly others: readonly number[];
};

/**
 * For a boxed thread that starts programs: they can then signal each other, but neither the keeper
 * nor what another such thread has started. This thread stands in their domain itself, and a signal
 * to a thread by its number ends its process: so that number is taken out of their reach besides.
 * The runtime starts no other thread from here.
 * @throws if the kernel has no such scope, or it does not hold: then nothing may be started.
 */
export function narrowSpawner({ workerPid, others }: SpawnerKernelOptions): SpawnerKernel {
  const libc = openLibc();
  if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n) !== 0) {
    throw new Error("Cannot keep commands: no_new_privs was refused");
  }
  applySignalScope(libc);
  const thread = libc.gettid();
  applySeccomp(libc, shieldFilter({ architecture: Deno.build.arch, thread }));
  const reached = [thread, ...others, ...(workerPid === undefined ? [] : [workerPid])]
    .find((pid) => libc.kill(pid, 0) === 0);
  if (reached !== undefined) {
    throw new Error(`Self-test failed: ${reached} can be signalled by the spawner`);
  }
  // The kernel spares the process that calls, and only lets this thread signal its own domain.
  return { killAll: () => void libc.kill(-1, SIGKILL) };
}
