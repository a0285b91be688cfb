// The warden's view of the machine's kernel: what boot sets up once and serving asks later.
import { applyHygiene } from "./hygiene.ts";
import { type Libc, openLibc } from "./libc.ts";
import { PeerTable, uidInStatus } from "./peer.ts";
import { ProcFile } from "./proc_file.ts";

export interface Kernel {
  /** Whether the peer of a loopback connection is us, our parent's user or root. */
  isAllowedPeer(remotePort: number, localPort: number): boolean;
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
  const allowed = new Set([0, Deno.uid() ?? 0, uidOfProcess(libc, Deno.ppid)]);
  return {
    isAllowedPeer(remotePort, localPort) {
      const uid = peers.uidOf(remotePort, localPort);
      return uid !== undefined && allowed.has(uid);
    },
  };
}

/** Undefined when the process cannot be seen: a parent outside our pid namespace. */
function uidOfProcess(libc: Libc, pid: number): number | undefined {
  try {
    using status = new ProcFile(libc, `/proc/${pid}/status`);
    return uidInStatus(status.read());
  } catch {
    return undefined;
  }
}
