// What this machine and this build can enforce.
import type { Machine, ReservedPlace } from "../grants/machine.ts";

/** Synchronous: it runs before any layer is taken on. */
export function probeMachine(reserved: readonly ReservedPlace[]): Machine {
  return {
    os: Deno.build.os,
    level: "deno",
    missing: ["the kernel layers, Landlock and seccomp, are not part of this version"],
    reserved,
  };
}
