// How much memory a process holds, as the kernel counts it (Linux).
import { procText } from "./proc.ts";

export type Memory = {
  /** Megabytes (1e6 bytes) resident, shared pages counted in full. */
  readonly resident: number;
  /** Megabytes, each shared page divided by the number of its users. */
  readonly proportional: number;
};

/** Only root can: a worker is not dumpable, so its own user may not look into it. */
export function canSeeMemory(): boolean {
  return Deno.build.os === "linux" && Deno.uid() === 0;
}

/** Throws where `canSeeMemory` is false. */
export async function memoryOf(pid: number): Promise<Memory> {
  const text = await procText(pid, "smaps_rollup");
  return { resident: megabytes(text, "Rss"), proportional: megabytes(text, "Pss") };
}

export type Resident = {
  /** Megabytes now. */
  readonly now: number;
  /** The most there were since its start. */
  readonly peak: number;
};

/** May be asked of any process. */
export async function residentOf(pid: number): Promise<Resident> {
  const text = await procText(pid, "status");
  return { now: megabytes(text, "VmRSS"), peak: megabytes(text, "VmHWM") };
}

/** The processes a process has started. Empty where it may not be looked at. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `cat /proc/${pid}/task/*/children`],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).split(/\s+/).filter((text) => text !== "").map(Number);
}

function megabytes(text: string, name: string): number {
  const [, kibibytes] = text.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m")) ?? [];
  if (kibibytes === undefined) throw new Error(`${name} is not told`);
  return Number(kibibytes) * 1024 / 1e6;
}
