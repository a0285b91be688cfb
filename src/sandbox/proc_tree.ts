// The processes below a process, as the kernel lists them.
import { cString, type Libc } from "./libc.ts";
import { readProcFile } from "./proc_file.ts";

export type ProcessFacts = {
  readonly pid: number;
  /** 1 for a child, 2 for its child. */
  readonly depth: number;
  /** Memory that is this process's own, in bytes. */
  readonly memoryBytes: number;
};

/** Everything alive that descends from `pid`, without itself. */
export function descendants(libc: Libc, pid: number): ProcessFacts[] {
  const found: ProcessFacts[] = [];
  let level = childrenOf(libc, pid);
  for (let depth = 1; level.length > 0; depth++) {
    for (const pid of level) {
      const status = readProcFile(libc, `/proc/${pid}/status`);
      if (!isDead(status)) found.push({ pid, depth, memoryBytes: memoryIn(status) });
    }
    level = level.flatMap((pid) => childrenOf(libc, pid));
  }
  return found;
}

/** Each thread lists the processes it started. */
function childrenOf(libc: Libc, pid: number): number[] {
  return namesIn(libc, `/proc/${pid}/task`)
    .flatMap((thread) => readProcFile(libc, `/proc/${pid}/task/${thread}/children`).split(" "))
    .map(Number)
    .filter((child) => child > 0);
}

/** Ended and not buried yet, or gone. */
function isDead(status: string): boolean {
  return status === "" || /^State:\s+[ZX]/m.test(status);
}

/** Bytes of a /proc/PID/status text that no other process shares. */
export function memoryIn(status: string): number {
  let kib = 0;
  for (const [, size] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB/gm)) kib += Number(size);
  return kib * 1024;
}

const O_CLOEXEC = 0o2000000;
const SYS_GETDENTS64 = Deno.build.arch === "aarch64" ? 61n : 217n;
const BUFFER_BYTES = 32_768;

/** The runtime refuses to list most of /proc. Empty when it cannot be listed. */
function namesIn(libc: Libc, folder: string): string[] {
  const fd = libc.open(cString(folder), O_CLOEXEC);
  if (fd < 0) return [];
  const names: string[] = [];
  try {
    const buffer = new Uint8Array(BUFFER_BYTES);
    for (;;) {
      const count = Number(libc.getdents64(SYS_GETDENTS64, fd, buffer, BUFFER_BYTES));
      if (count <= 0) return names;
      names.push(...entryNames(buffer.subarray(0, count)));
    }
  } finally {
    libc.close(fd);
  }
}

/** Names in a run of struct linux_dirent64: u64 inode, i64 offset, u16 length, u8 type, name. */
export function entryNames(entries: Uint8Array<ArrayBuffer>): string[] {
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const names: string[] = [];
  for (let at = 0; at < entries.length; at += view.getUint16(at + 16, true)) {
    const start = at + 19;
    const name = new TextDecoder().decode(entries.subarray(start, entries.indexOf(0, start)));
    if (name !== "." && name !== "..") names.push(name);
  }
  return names;
}

const AT_FDCWD = -100;
const STATX_TYPE_NLINK_BLOCKS = 0x405;
const STATX_BYTES = 256;
const BLOCK_BYTES = 512n;

/** Bytes on disk, or in memory files, that a process holds open and that no name leads to any more. */
export function namelessBytes(libc: Libc, pid: number): number {
  let bytes = 0n;
  for (const fd of namesIn(libc, `/proc/${pid}/fd`)) {
    const status = new Uint8Array(STATX_BYTES);
    const path = cString(`/proc/${pid}/fd/${fd}`);
    if (libc.statx(AT_FDCWD, path, 0, STATX_TYPE_NLINK_BLOCKS, status) === 0) {
      bytes += blocksOfNameless(status) * BLOCK_BYTES;
    }
  }
  return Number(bytes);
}

/** Of a struct statx: u32 nlink at 16, u16 mode at 28, u64 blocks at 48. */
function blocksOfNameless(status: Uint8Array<ArrayBuffer>): bigint {
  const view = new DataView(status.buffer);
  const S_IFMT = 0o170000;
  const S_IFREG = 0o100000;
  const isFile = (view.getUint16(28, true) & S_IFMT) === S_IFREG;
  return isFile && view.getUint32(16, true) === 0 ? view.getBigUint64(48, true) : 0n;
}
