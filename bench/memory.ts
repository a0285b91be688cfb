// How much memory a process holds, as the kernel counts it (Linux).

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
  // By a child: the runtime refuses to open files of other processes under /proc.
  const { stdout, stderr } = await new Deno.Command("cat", {
    args: [`/proc/${pid}/smaps_rollup`],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const megabytes = (name: string) => {
    const [, kibibytes] = text.match(new RegExp(`^${name}: +(\\d+) kB$`, "m")) ?? [];
    if (kibibytes === undefined) throw new Error(new TextDecoder().decode(stderr).trim());
    return Number(kibibytes) * 1024 / 1e6;
  };
  return { resident: megabytes("Rss"), proportional: megabytes("Pss") };
}

/** The processes a process has started. Empty where it may not be looked at. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `cat /proc/${pid}/task/*/children`],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).split(/\s+/).filter((text) => text !== "").map(Number);
}
