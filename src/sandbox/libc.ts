// The few libc calls sheath makes by FFI, opened once in each thread that locks itself. They go on
// working after the `ffi` permission is revoked: the object itself is the capability.

/** What a thread needs to lock itself. Each symbol costs a start a tenth of a millisecond. */
const LOCK_SYMBOLS = {
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  unshare: { parameters: ["i32"], result: "i32" },
  // syscall(2), once for each list of arguments
  landlock_create_ruleset: {
    name: "syscall",
    parameters: ["i64", "buffer", "usize", "u32"],
    result: "i64",
  },
  landlock_add_rule: {
    name: "syscall",
    parameters: ["i64", "i32", "i32", "buffer", "u32"],
    result: "i64",
  },
  landlock_restrict_self: { name: "syscall", parameters: ["i64", "i32", "u32"], result: "i64" },
} as const;

const SYMBOLS = {
  ...LOCK_SYMBOLS,
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  clearenv: { parameters: [], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i64"], result: "i32" },
  pread: { parameters: ["i32", "buffer", "usize", "i64"], result: "i64" },
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  gettid: { parameters: [], result: "i32" },
  kill: { parameters: ["i32", "i32"], result: "i32" },
  waitid: { parameters: ["i32", "i32", "buffer", "i32"], result: "i32" },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  syscall3: { name: "syscall", parameters: ["i64", "u32", "u32", "u32"], result: "i64" },
  getdents64: { name: "syscall", parameters: ["i64", "i32", "buffer", "u32"], result: "i64" },
} as const;

export type LockLibc = Deno.DynamicLibrary<typeof LOCK_SYMBOLS>["symbols"];
export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** @throws if the C library is not glibc's; only called on Linux. */
export function openLockLibc(): LockLibc {
  return Deno.dlopen("libc.so.6", LOCK_SYMBOLS).symbols;
}

/** @throws if the C library is not glibc's; only called on Linux. */
export function openLibc(): Libc {
  return Deno.dlopen("libc.so.6", SYMBOLS).symbols;
}

/** A zero-terminated path or name as C wants it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
