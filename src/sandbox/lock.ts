// Puts the calling thread into its kernel domain and proves that it holds. Synchronous.
import type { Domain } from "../grants/domain.ts";
import { applyLandlock } from "./landlock.ts";
import { cString, type LockLibc } from "./libc.ts";
import { applySeccomp } from "./seccomp.ts";
import { seccompFilter } from "./seccomp_filter.ts";

/** Names of the actions that were let before and are refused now. */
export type SelfTests = readonly string[];

const O_CLOEXEC = 0o2000000;
const AF_UNIX = 1;
const SOCK_STREAM = 1;

/**
 * Binds the thread and everything it starts later.
 * @throws if a layer cannot be had, or an action that must fail does not: then nothing may start.
 */
export function lockThread(libc: LockLibc, domain: Domain): SelfTests {
  const attempts = attemptsOf(libc, domain);
  for (const { name, attempt } of attempts) {
    if (!attempt()) throw new Error(`Cannot test the cage: "${name}" fails without it`);
  }
  applyLandlock(libc, domain);
  applySeccomp(
    libc,
    seccompFilter({ architecture: Deno.build.arch, isSealed: domain.isSealed }),
  );
  for (const { name, attempt } of attempts) {
    if (attempt()) throw new Error(`Self-test failed: "${name}" was not refused`);
  }
  return attempts.map(({ name }) => name);
}

type Attempt = { readonly name: string; readonly attempt: () => boolean };

/** Each is harmless, and works in a thread that is not locked. */
function attemptsOf(libc: LockLibc, { forbidden, isSealed }: Domain): Attempt[] {
  const open = { name: `open ${forbidden}`, attempt: () => opens(libc, forbidden) };
  // Without a flag it does nothing but succeed.
  const call = { name: "unshare", attempt: () => libc.unshare(0) === 0 };
  const socket = { name: "socket", attempt: () => makesSocket(libc) };
  return isSealed ? [open, socket] : [open, call];
}

function opens(libc: LockLibc, path: string): boolean {
  return closes(libc, libc.open(cString(path), O_CLOEXEC));
}

function makesSocket(libc: LockLibc): boolean {
  return closes(libc, libc.socket(AF_UNIX, SOCK_STREAM, 0));
}

function closes(libc: LockLibc, fd: number): boolean {
  return fd >= 0 && libc.close(fd) === 0;
}
