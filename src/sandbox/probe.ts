// What this machine and this build can enforce.
import type { Machine, ReservedPlace } from "../grants/machine.ts";
import type { Bubblewrap } from "./bubblewrap.ts";
import { landlockAbi, LEAST_ABI, SCOPES_ABI } from "./landlock.ts";
import type { LockLibc } from "./libc.ts";
import { hasSeccomp } from "./seccomp.ts";
import { VARIANT } from "./variant.ts";

/** What was found out about a machine's kernel. */
export type KernelFacts = {
  readonly os: string;
  readonly architecture: string;
  /** Whether this is the compiled program: under `deno run` other threads are unbound already. */
  readonly isStandalone: boolean;
  readonly isLeftOut: boolean;
  /** 0 for none. */
  readonly landlockAbi: number;
  readonly hasSeccomp: boolean;
};

/** Synchronous: it runs before any layer is taken on. `libc` is undefined where there is none. */
export function probeKernel(libc: LockLibc | undefined): KernelFacts {
  return {
    os: Deno.build.os,
    architecture: Deno.build.arch,
    isStandalone: Deno.build.standalone,
    isLeftOut: VARIANT === "deno-only",
    landlockAbi: libc ? landlockAbi(libc) : 0,
    hasSeccomp: libc ? hasSeccomp(libc) : false,
  };
}

/** Pure. `namespaces` is undefined where nobody asked for them: they are not taken unasked. */
export function judgeMachine(
  facts: KernelFacts,
  reserved: readonly ReservedPlace[],
  namespaces?: Bubblewrap,
): Machine {
  const { os } = facts;
  const missing = missingForKernel(facts);
  if (missing.length > 0) {
    const unboxed = `commands need level "kernel": ${missing.join("; ")}`;
    return { os, level: "deno", missing, holdsSignals: false, unboxed, reserved };
  }
  const holdsSignals = facts.landlockAbi >= SCOPES_ABI;
  const unboxed = !holdsSignals
    ? `commands need Landlock ABI ${SCOPES_ABI} (Linux 6.12), which keeps their signals inside; this kernel has ABI ${facts.landlockAbi}`
    : undefined;
  const why = unboxed ?? whyNoNamespaces(namespaces);
  const found = { os, holdsSignals, unboxed, reserved };
  if (why !== undefined) return { ...found, level: "kernel", missing: [why] };
  return { ...found, level: "namespace", missing: [] };
}

function whyNoNamespaces(namespaces: Bubblewrap | undefined): string | undefined {
  if (!namespaces) return `level "namespace" is taken where it is required, it makes starts slower`;
  return namespaces.type === "missing" ? namespaces.why : undefined;
}

/** One line for each thing that the level `kernel` wants and the machine has not. */
function missingForKernel(facts: KernelFacts): string[] {
  const { os, architecture, isStandalone, isLeftOut, landlockAbi: abi } = facts;
  if (os !== "linux") return [`kernel layers exist for Linux only, this is ${os}`];
  if (isLeftOut) return ["this build was made without the kernel layers"];
  if (!isStandalone) return ["kernel layers need the compiled program, this runs from source"];
  const missing: string[] = [];
  if (architecture !== "x86_64" && architecture !== "aarch64") {
    missing.push(`kernel layers exist for x86_64 and aarch64, this is ${architecture}`);
  }
  if (abi === 0) missing.push("Landlock is absent or switched off (see lsm= of the kernel)");
  else if (abi < LEAST_ABI) {
    missing.push(`Landlock ABI is ${abi}, expected at least ${LEAST_ABI} (Linux 6.7)`);
  }
  if (!facts.hasSeccomp) missing.push("seccomp filters are not to be had");
  return missing;
}
