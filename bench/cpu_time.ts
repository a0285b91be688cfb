// How long a process has kept processors busy, as the kernel counts it (Linux).
import { procText } from "./proc.ts";

/** Milliseconds of all its threads, living and ended; in steps of 10. */
export async function cpuMsOf(pid: number): Promise<number> {
  return cpuMsIn(await procText(pid, "stat"));
}

/** Reads /proc/PID/stat: user and system time. */
export function cpuMsIn(stat: string): number {
  // The name of the program may hold anything, spaces and brackets too.
  const [, ...fields] = stat.slice(stat.lastIndexOf(")") + 1).split(" ");
  const ticks = Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
  if (Number.isNaN(ticks)) throw new Error(`Cannot read the time in "${stat.trim()}"`);
  return ticks * TICK_MS;
}

/** Counted from the state, the first field behind the name (proc_pid_stat(5): fields 14 and 15). */
const USER_TIME = 11;
const SYSTEM_TIME = 12;
/** USER_HZ, 100 a second on every Linux. */
const TICK_MS = 10;
