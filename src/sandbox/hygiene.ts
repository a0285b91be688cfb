// Makes this process a poor target before it reads anything secret: boot step 1.
import type { Libc } from "./libc.ts";

const PR_SET_DUMPABLE = 4;
const PR_SET_NO_NEW_PRIVS = 38;
const RLIMIT_CORE = 4;
const SYS_CLOSE_RANGE = 436n; // the same number on every architecture
const CLOSE_RANGE_CLOEXEC = 4;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000n;

/**
 * Synchronous and per process: other processes of this user can no longer open our memory or
 * environ, no core file is written, no setuid program gives rights, the environment is empty
 * (an inherited proxy variable would carry requests and keys elsewhere), inherited descriptors
 * end at exec, and stdin blocks.
 * @throws if the kernel refuses any of it: then nothing may start.
 */
export function applyHygiene(libc: Libc): void {
  expectZero("PR_SET_DUMPABLE", libc.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n));
  expectZero("RLIMIT_CORE", libc.setrlimit(RLIMIT_CORE, new BigUint64Array([0n, 0n])));
  expectZero("PR_SET_NO_NEW_PRIVS", libc.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n));
  expectZero("clearenv", libc.clearenv());
  const range = libc.syscall3(SYS_CLOSE_RANGE, 3, 0xffff_ffff, CLOSE_RANGE_CLOEXEC);
  expectZero("close_range", Number(range));
  const flags = BigInt(libc.fcntl(0, F_GETFL, 0n));
  if (flags >= 0n) expectZero("fcntl", libc.fcntl(0, F_SETFL, flags & ~O_NONBLOCK));
}

function expectZero(what: string, result: number): void {
  if (result !== 0) throw new Error(`Cannot harden process: ${what} failed`);
}
