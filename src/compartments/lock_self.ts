// The first act of a thread that works for the model: the kernel's domain closes around it.
import type { Domain } from "../grants/domain.ts";
import { openLockLibc } from "../sandbox/libc.ts";
import { lockThread, type SelfTests } from "../sandbox/lock.ts";

/**
 * Synchronous; afterwards this thread has no `ffi`. Without a domain nothing but that happens.
 * @throws if the domain cannot be had or does not hold: then nothing may start.
 */
export function lockSelf(domain: Domain | undefined): SelfTests {
  const tests = domain ? lockThread(openLockLibc(), domain) : [];
  Deno.permissions.revokeSync({ name: "ffi" });
  return tests;
}
