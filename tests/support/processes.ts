// Processes that a test knows again: by a text in their arguments, or by who started them.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { until } from "./deadline.ts";
import { isAlive } from "./proc.ts";

/** The promise for whatever is to end with something else. */
const GONE_MS = 5_000;

/** A day, as `sleep` takes it, spelled as for no other process of the machine. */
export function markedSleep(): string {
  return `86400.${randomInt(1, 10 ** 9)}`;
}

/** Whose arguments hold the mark, each by its program's name. */
export function processesWith(mark: string): readonly string[] {
  const all = new Map<string, string[]>();
  const lines = readAll("grep -az '' /proc/[0-9]*/cmdline");
  for (const [, file = "", argument = ""] of lines.matchAll(/(\/proc\/\d+\/cmdline):([^\0]*)\0/g)) {
    const own = all.get(file);
    if (own) own.push(argument);
    else all.set(file, [argument]);
  }
  return [...all.values()]
    .filter((words) => words.some((word) => word.includes(mark)))
    .map(([program = ""]) => program);
}

/** Waits until exactly so many `sleep` of the mark run. */
export async function sleeping(mark: string, count: number): Promise<void> {
  await until(
    () => processesWith(mark).filter((name) => name === "sleep").length === count || undefined,
    { what: `${count} processes "sleep ${mark}"` },
  );
}

/** Waits until nothing of the mark is left. */
export async function gone(mark: string): Promise<void> {
  await until(() => processesWith(mark).length === 0 || undefined, {
    what: `end of all processes with "${mark}"`,
    ms: GONE_MS,
  });
}

/** Waits until none of these is alive. */
export async function allEnded(pids: readonly number[]): Promise<void> {
  await until(() => pids.some(isAlive) ? undefined : true, {
    what: `end of processes ${pids.join(", ")}`,
    ms: GONE_MS,
  });
}

/** Every process below one. */
export function descendants(pid: number): readonly number[] {
  // The name in parentheses may hold anything, then come the state and the parent.
  const parents = [...readAll("cat /proc/[0-9]*/stat").matchAll(/^(\d+) \(.*\) \w (\d+) /gm)]
    .map(([, pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
  const below = (pid: number): readonly number[] =>
    parents.filter(({ parent }) => parent === pid).flatMap(({ pid }) => [pid, ...below(pid)]);
  return below(pid);
}

/** What a command says of all processes; those that end meanwhile are no failure. */
function readAll(command: string): string {
  // Without a shell nobody lists the names, and the runtime may not.
  return spawnSync("/bin/sh", ["-c", `exec ${command} 2>/dev/null`], {
    encoding: "latin1",
    maxBuffer: 64 * 1024 * 1024,
  }).stdout;
}
