// Commands through the box, beside the same commands started directly.
import { systemClock } from "../src/base/clock.ts";
import { Connection } from "./connection.ts";
import { type Case, median } from "./measure.ts";
import { canSeeMemory, childrenOf, memoryOf } from "./memory.ts";
import { BenchWorker } from "./worker.ts";

const CALLS = 20;
const SHELL = "/bin/bash";
const COMMAND = "true";

export function commandCases(binary: string): readonly Case[] {
  return [commands(binary), ...(canSeeMemory() ? [keeperMemory(binary)] : [])];
}

function commands(binary: string): Case {
  return {
    figures: [
      { name: `command: plain spawn of bash -c ${COMMAND} (median of ${CALLS})`, unit: "ms" },
      { name: `command: the same by Bash of a warm worker (median of ${CALLS})`, unit: "ms" },
      { name: "command: the first, with the keeper's start", unit: "ms" },
    ],
    async measure() {
      await using worker = startWorker(binary);
      const [first = NaN, ...others] = await callTimes(await worker.endpoint());
      return [median(await spawnTimes()), median(others), first];
    },
  };
}

function keeperMemory(binary: string): Case {
  return {
    figures: [
      { name: "memory: keeper of commands, resident", unit: "MB" },
      { name: "memory: keeper of commands, proportional", unit: "MB" },
    ],
    async measure() {
      await using worker = startWorker(binary);
      await callTimes(await worker.endpoint());
      const [keeper] = await childrenOf(worker.pid);
      if (keeper === undefined) throw new Error("worker has no keeper");
      const { resident, proportional } = await memoryOf(keeper);
      return [resident, proportional];
    },
  };
}

function startWorker(binary: string): BenchWorker {
  const call = { name: "Bash", arguments: { command: COMMAND } };
  const calls = Array.from({ length: 1 + CALLS }, () => call);
  const turns = [{ tool_calls: calls }, { text: "end" }];
  return new BenchWorker({ binary, runsOn: { type: "script", turns }, reusable: true });
}

/** Milliseconds of each call, from the event of its start to that of its end, as a host sees them. */
async function callTimes(endpoint: string): Promise<readonly number[]> {
  const times: number[] = [];
  let startedAt = NaN;
  await using connection = new Connection(endpoint);
  await connection.run("Run them", (frame) => {
    if (frame.includes('"type":"tool_start"')) startedAt = systemClock.monotonic();
    const isDone = frame.includes('"type":"tool_complete"') && frame.includes('"success":true');
    if (isDone) times.push(systemClock.monotonic() - startedAt);
  });
  if (times.length === 1 + CALLS) return times;
  throw new Error(`${times.length} commands worked, expected ${1 + CALLS}`);
}

async function spawnTimes(): Promise<readonly number[]> {
  const times: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const startedAt = systemClock.monotonic();
    const { success } = await new Deno.Command(SHELL, {
      args: ["-c", COMMAND],
      stdin: "null",
    }).output();
    if (!success) throw new Error(`${SHELL} failed`);
    times.push(systemClock.monotonic() - startedAt);
  }
  return times;
}
