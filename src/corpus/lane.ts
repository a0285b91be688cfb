// What one worker after another is put through, and what was seen of each case.
import type { Level } from "../grants/level.ts";
import type { AttackCase, Observation } from "./attack_case.ts";
import { Ground } from "./ground.ts";
import { signsOfLeak } from "./judge.ts";
import type { View } from "./verdict.ts";
import { type AttackEnd, attackWorker } from "./worker_attack.ts";

/** A worker that is brought down is followed by another, but not for ever. */
const MAX_WORKERS = 20;
export const COMMAND_TOOLS: readonly string[] = ["Bash", "js_repl"];

export type LaneOptions = {
  /** Path of the program that runs the workers. */
  readonly program: string;
  /** Folder for what is attacked. */
  readonly tmp: string;
  readonly uid: number;
  /** The level to ask for; undefined for what the machine gives. */
  readonly require?: Level | undefined;
};

export type Lane<Case> = {
  /** In force in its workers. */
  readonly level: Level;
  readonly views: ReadonlyMap<Case, View>;
  readonly broken: AttackEnd["broken"];
  /** What reached a listener and names no case. */
  readonly strays: readonly string[];
};

/** Those that may share a worker do; each of the others has its own. */
export function lanesOf(cases: readonly AttackCase[]): readonly (readonly AttackCase[])[] {
  const shared = cases.filter(({ alone }) => alone === undefined);
  const byVariables = Map.groupBy(shared, ({ variables }) => variables);
  const plain = byVariables.get(undefined) ?? [];
  byVariables.delete(undefined);
  const slow = plain.filter(({ layer }) => layer === "limits");
  const quick = plain.filter(({ layer }) => layer !== "limits");
  const alone = cases.filter((one) => one.alone !== undefined).map((one) => [one]);
  return [slow, quick, ...byVariables.values(), ...alone].filter(({ length }) => length > 0);
}

/** A worker that an attack brings down is followed by another one for the rest. */
export async function attackLane(
  cases: readonly AttackCase[],
  options: LaneOptions,
): Promise<Lane<AttackCase>> {
  const views = new Map<AttackCase, View>();
  await using ground = await Ground.make({ ...options, cases });
  const onSeen = (one: AttackCase, seen: Observation) => {
    views.set(one, viewOf(one, seen, ground));
  };
  const broken: AttackEnd["broken"][number][] = [];
  let level: Level = "deno";
  let rest = cases;
  for (let worker = 0; rest.length > 0 && worker < MAX_WORKERS; worker++) {
    const end = await attackWorker({ ...options, ground, cases: rest, onSeen });
    if (rest[0]?.alone === undefined) broken.push(...end.broken);
    level = end.level;
    rest = end.rest;
  }
  return { level, views, broken, strays: ground.strays() };
}

/** The end of a shared worker is the work of the case that was at hand. */
export function viewOf(one: AttackCase, seen: Observation, ground: Ground): View {
  const { targets } = ground.scene(one);
  const sign = signsOfLeak(seen, targets) ?? one.leaked?.(seen, targets);
  const isDown = one.alone === undefined && seen.end !== undefined;
  const last = seen.outputs.at(-1);
  return {
    sign: sign ?? (isDown ? `the worker went down: ${seen.end}` : undefined),
    told: seen.end ?? (last?.stderr || last?.stdout) ?? "",
    usesCommands: seen.outputs.some(({ tool }) => COMMAND_TOOLS.includes(tool)),
  };
}
