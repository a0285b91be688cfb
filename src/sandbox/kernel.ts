// The warden's view of the machine's kernel: what boot sets up once and serving asks later.
import type { Domain } from "../grants/domain.ts";
import { applyHygiene } from "./hygiene.ts";
import { type Libc, openLibc } from "./libc.ts";
import { lockThread, type SelfTests } from "./lock.ts";
import { PeerTable, uidInStatus } from "./peer.ts";
import { type KernelFacts, probeKernel } from "./probe.ts";
import { readProcFile } from "./proc_file.ts";
import { descendants, namelessBytes, type ProcessFacts } from "./proc_tree.ts";

const SIGKILL = 9;

export interface Kernel {
  readonly facts: KernelFacts;
  /** Whether the peer of a loopback connection is us, our parent's user or root. */
  isAllowedPeer(remotePort: number, localPort: number): boolean;
  /** Layer 1: binds this thread and all that it starts. @throws if it does not hold. */
  lock(domain: Domain): SelfTests;
  /**
   * Ends every process that was started inside layer 1, wherever it fled to. Nothing where layer 1
   * was not seen to hold signals.
   */
  endAll(): void;
  /** Every process this one has started, and those they have. */
  descendants(): ProcessFacts[];
  /** Bytes of files that one of them holds open and that have no name any more. */
  namelessBytes(pid: number): number;
}

/**
 * Boot step 1 on Linux: hygiene, then the objects that need FFI later. Undefined on other
 * systems, where none of it can be had and the level says so.
 * @throws if hygiene fails.
 */
export function bootKernel(): Kernel | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const libc = openLibc();
  applyHygiene(libc);
  const peers = new PeerTable(libc);
  let holdsSignals = false;
  const allowed = new Set([0, Deno.uid() ?? 0, uidOfProcess(libc, Deno.ppid)]);
  return {
    facts: probeKernel(libc),
    isAllowedPeer(remotePort, localPort) {
      const uid = peers.uidOf(remotePort, localPort);
      return uid !== undefined && allowed.has(uid);
    },
    lock(domain) {
      const reaches = () => libc.kill(Deno.ppid, 0) === 0;
      const couldReach = reaches();
      const tests = lockThread(libc, domain);
      // Without this proof the signal below would be for every process of the user.
      holdsSignals = couldReach && !reaches();
      return holdsSignals ? [...tests, "signal the parent"] : tests;
    },
    endAll() {
      if (holdsSignals) libc.kill(-1, SIGKILL);
    },
    descendants: () => descendants(libc, Deno.pid),
    namelessBytes: (pid) => namelessBytes(libc, pid),
  };
}

/** What can be enforced here, found out without changing anything. */
export function lookAtKernel(): KernelFacts {
  return probeKernel(Deno.build.os === "linux" ? openLibc() : undefined);
}

/** Undefined when the process cannot be seen: a parent outside our pid namespace. */
function uidOfProcess(libc: Libc, pid: number): number | undefined {
  return uidInStatus(readProcFile(libc, `/proc/${pid}/status`));
}
