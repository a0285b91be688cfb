// What the system tells of another process. The runtime itself may not read it, so `cat` does.
import { spawnSync } from "node:child_process";

/** The text of /proc/<pid>/<name>; undefined when the process is gone or may not be looked at. */
export function readProc(pid: number, name: string): string | undefined {
  const { status, stdout } = spawnSync("/bin/cat", [`/proc/${pid}/${name}`], {
    encoding: "latin1",
  });
  return status === 0 ? stdout : undefined;
}

/** A process that has ended but that nobody has waited for does not count. */
export function isAlive(pid: number): boolean {
  const state = readProc(pid, "status")?.match(/^State:\s+(\w)/m)?.[1];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** Bytes of a size in /proc/<pid>/status: `VmRSS` is resident now, `VmHWM` at most so far. */
export function memoryBytes(pid: number, field: "VmRSS" | "VmHWM"): number {
  const found = readProc(pid, "status")?.match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"));
  if (!found) throw new Error(`Process ${pid} is gone`);
  return Number(found[1]) * 1024;
}
