// `sheath agents`: who is alive in a fabric.
import { resolve } from "node:path";
import { systemClock } from "../base/clock.ts";
import { FileFabric } from "../fabric/file_fabric.ts";
import { oneLine } from "../host/printable.ts";
import { levelOf } from "../host/record.ts";
import type { AgentRecord } from "../protocol/record.ts";
import { readCliEnvironment } from "./environment.ts";
import { defaultFabric } from "./folders.ts";
import { printResult } from "./print.ts";
import { userId } from "./user.ts";

export type AgentsFlags = { readonly fabric?: string; readonly json: boolean };

export async function listAgents({ fabric, json }: AgentsFlags): Promise<number> {
  const environment = readCliEnvironment();
  const { stateHome, tmp } = environment;
  const folder = fabric === undefined
    ? defaultFabric(environment, stateHome ?? tmp)
    : resolve(fabric);
  const agents = await new FileFabric({ folder, clock: systemClock, uid: userId() }).discover();
  printResult(json ? `${JSON.stringify(agents, undefined, 2)}\n` : agentsTable(agents));
  return 0;
}

/** A table with a heading, for people; each line ends with a newline. */
export function agentsTable(agents: readonly AgentRecord[]): string {
  const rows = agents.map((record) =>
    [
      record.agent_id,
      record.role,
      `${record.pid}`,
      levelOf(record) ?? "-",
      record.started_at,
      record.endpoint,
    ].map((cell) => oneLine(cell) || "-")
  );
  const all = [["AGENT", "ROLE", "PID", "LEVEL", "STARTED", "ENDPOINT"], ...rows];
  const widths = all[0]?.map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0))
  );
  return all.map((row) =>
    `${row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0)).join("  ").trimEnd()}\n`
  ).join("");
}
