// The few libc calls sheath makes by FFI, opened once at boot. They go on working after the
// `ffi` permission is revoked: the object itself is the capability, and only the warden holds it.

const SYMBOLS = {
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  clearenv: { parameters: [], result: "i32" },
  syscall3: { name: "syscall", parameters: ["i64", "u32", "u32", "u32"], result: "i64" },
  fcntl: { parameters: ["i32", "i32", "i64"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  pread: { parameters: ["i32", "buffer", "usize", "i64"], result: "i64" },
} as const;

export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** @throws if the C library is not glibc's; only called on Linux. */
export function openLibc(): Libc {
  return Deno.dlopen("libc.so.6", SYMBOLS).symbols;
}

/** A zero-terminated path or name as C wants it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
