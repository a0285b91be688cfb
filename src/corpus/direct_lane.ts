// The attacks that are no calls of tools, one after another on one worker, and on what stands for it.
import { systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { messageOf } from "../core/errors.ts";
import { CagedStage } from "./caged_stage.ts";
import type { DirectCase, Stage } from "./direct_case.ts";
import { Ground } from "./ground.ts";
import type { Lane, LaneOptions } from "./lane.ts";
import { OpenStage } from "./open_stage.ts";
import type { View } from "./verdict.ts";

/** More than everything in it may take. */
const MOST_MS = 30_000;

/** Rejects as `CagedStage.start` does. */
export async function attackDirectly(
  cases: readonly DirectCase[],
  options: LaneOptions,
): Promise<Lane<DirectCase>> {
  await using ground = await Ground.make({ ...options, cases: [] });
  for (const { prepare } of cases) prepare?.(ground.shared);
  await using stage = await CagedStage.start({ ...options, ground });
  const views = await viewAll(cases, stage);
  return { level: stage.level, views, broken: [], strays: [] };
}

/** The same where there is no cage. */
export async function attackDirectlyOpenly(
  cases: readonly DirectCase[],
  options: LaneOptions,
): Promise<ReadonlyMap<DirectCase, View>> {
  await using ground = await Ground.make({ ...options, cases: [] });
  for (const { prepare } of cases) prepare?.(ground.shared);
  await using stage = new OpenStage(ground);
  return await viewAll(cases, stage);
}

async function viewAll(
  cases: readonly DirectCase[],
  stage: Stage,
): Promise<ReadonlyMap<DirectCase, View>> {
  const views = new Map<DirectCase, View>();
  for (const one of cases) views.set(one, await viewOf(one, stage));
  return views;
}

/** What cannot be done to a worker is as bad as what works: it is not as it was any more. */
async function viewOf(one: DirectCase, stage: Stage): Promise<View> {
  const attack = one.attack(stage);
  const isOver = await settlesWithin(attack, { ms: MOST_MS, clock: systemClock });
  if (!isOver) return { sign: "it does not end", told: "", usesCommands: false };
  try {
    return { ...await attack, usesCommands: false };
  } catch (thrown) {
    return { sign: `it broke off: ${messageOf(thrown)}`, told: "", usesCommands: false };
  }
}
