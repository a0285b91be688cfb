// Who is at the other end of a loopback TCP connection: the kernel's socket table knows.
import type { Libc } from "./libc.ts";
import { ProcFile } from "./proc_file.ts";

/** Tells which user owns the client end of a connection to one of our loopback ports. */
export class PeerTable {
  readonly #table: ProcFile;

  constructor(libc: Libc) {
    this.#table = new ProcFile(libc, "/proc/self/net/tcp");
  }

  /** The uid of the process that connected from `remotePort`; undefined when it is gone. */
  uidOf(remotePort: number, localPort: number): number | undefined {
    return uidInTable(this.#table.read(), remotePort, localPort);
  }
}

/** Finds the client's line in /proc/net/tcp: its local end is the peer, its remote end is us. */
export function uidInTable(
  table: string,
  remotePort: number,
  localPort: number,
): number | undefined {
  const client = loopback(remotePort);
  const server = loopback(localPort);
  for (const line of table.split("\n")) {
    const [, local, remote, , , , , uid] = line.trim().split(/\s+/);
    if (local === client && remote === server) return Number(uid);
  }
  return undefined;
}

/** The effective uid in a /proc/PID/status text. */
export function uidInStatus(status: string): number | undefined {
  const match = status.match(/^Uid:\s+\d+\s+(\d+)/m);
  return match ? Number(match[1]) : undefined;
}

// The table writes addresses in memory order: 127.0.0.1 reads 0100007F on little-endian machines.
function loopback(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}
