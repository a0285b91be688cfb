// Installs a seccomp program on the calling thread: it binds the thread and all it starts later.
import type { LockLibc } from "./libc.ts";
import { encodeFilter, type Instruction } from "./seccomp_filter.ts";

const PR_SET_SECCOMP = 22;
const SECCOMP_MODE_FILTER = 2n;

/**
 * Needs no_new_privs.
 * @throws if the kernel refuses the filter: then nothing may start.
 */
export function applySeccomp(libc: LockLibc, filter: readonly Instruction[]): void {
  const program = encodeFilter(filter);
  // struct sock_fprog: u16 length, 6 bytes of padding, pointer
  const header = new DataView(new ArrayBuffer(16));
  header.setUint16(0, filter.length, true);
  header.setBigUint64(8, addressOf(program.buffer), true);
  const result = libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, addressOf(header.buffer), 0n, 0n);
  if (result !== 0) throw new Error("Cannot restrict this thread: seccomp failed");
}

/** Whether the kernel takes filters: with a null program it only says where that lies. */
export function hasSeccomp(libc: LockLibc): boolean {
  const PR_GET_SECCOMP = 21;
  return libc.prctl(PR_GET_SECCOMP, 0n, 0n, 0n, 0n) >= 0;
}

function addressOf(buffer: ArrayBuffer): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer)));
}
