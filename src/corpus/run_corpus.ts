// The whole corpus against one program: each case in the cage, and the same without it.
import { isAtLeast, type Level } from "../grants/level.ts";
import type { AttackCase, CaseResult } from "./attack_case.ts";
import { CASES } from "./cases.ts";
import { attackOpenly } from "./control.ts";
import type { DirectCase } from "./direct_case.ts";
import { DIRECT_CASES } from "./direct_cases.ts";
import { attackDirectly, attackDirectlyOpenly } from "./direct_lane.ts";
import { Ground } from "./ground.ts";
import { attackLane, COMMAND_TOOLS, type Lane, type LaneOptions, lanesOf, viewOf } from "./lane.ts";
import { oneLine, verdictOf, type View } from "./verdict.ts";

/** So many controls at a time: most of them wait for something. */
const CONTROLS = 6;
/** So many workers at a time, beside the one that is attacked directly. */
const WORKERS = 4;

export type CorpusOptions = LaneOptions & {
  readonly cases?: readonly AttackCase[];
  readonly directCases?: readonly DirectCase[];
  readonly onResult: (result: CaseResult) => void;
};

export type CorpusReport = {
  /** In force in the workers. */
  readonly level: Level;
  readonly results: readonly CaseResult[];
};

/** Rejects if there is no worker to attack. Nothing is left afterwards. */
export async function runCorpus(options: CorpusOptions): Promise<CorpusReport> {
  const { cases = CASES, directCases = DIRECT_CASES } = options;
  await using open = await Ground.make({ ...options, cases });
  await using stack = new AsyncDisposableStack();
  const controls = eachOf(cases, CONTROLS, (one) => viewOpenly(one, open));
  const directControls = attackDirectlyOpenly(directCases, options);
  const directLane = attackDirectly(directCases, options);
  // Also when there is no worker to attack.
  const begun = [...controls, directControls, directLane];
  stack.defer(async () => void await Promise.allSettled(begun));
  const lanes = await Promise.all(
    eachOf(lanesOf(cases), WORKERS, (lane) => attackLane(lane, options)),
  );
  const direct = await directLane;
  const level = leastOf([...lanes, direct].map((lane) => lane.level));
  const results: CaseResult[] = [];
  const tell = (result: CaseResult) => {
    results.push(result);
    options.onResult(result);
  };
  for (const [index, one] of cases.entries()) {
    const caged = lanes.map(({ views }) => views.get(one)).find((view) => view !== undefined);
    const control = await controls[index];
    tell({ ...aboutOf(one), ...verdictOf(one, { level, control, caged }) });
  }
  for (const one of directCases) {
    const [control, caged] = [(await directControls).get(one), direct.views.get(one)];
    tell({ ...aboutOf(one), ...verdictOf(one, { level, control, caged }) });
  }
  tell(harmlessResult(level, lanes));
  return { level, results };
}

function aboutOf(
  { name, row, layer }: AttackCase | DirectCase,
): Pick<CaseResult, "name" | "row" | "layer"> {
  return { name, row, layer };
}

function leastOf(levels: readonly Level[]): Level {
  return levels.find((one) => levels.every((other) => isAtLeast(other, one))) ?? "deno";
}

async function viewOpenly(one: AttackCase, ground: Ground): Promise<View> {
  const seen = await attackOpenly(one, ground);
  const told = seen.outputs.map(({ stderr, stdout }) => stderr || stdout).join(" ");
  return { ...viewOf(one, seen, ground), told };
}

function harmlessResult(level: Level, lanes: readonly Lane<AttackCase>[]): CaseResult {
  const about = { name: "what does no harm goes on working", row: 20, layer: "limits" } as const;
  const broken = lanes.flatMap((lane) => lane.broken)
    .filter(({ tool }) => level !== "deno" || !COMMAND_TOOLS.includes(tool));
  const strays = lanes.flatMap((lane) => lane.strays);
  const [first] = broken;
  if (strays.length > 0) {
    return { ...about, verdict: "leaked", evidence: oneLine(`reached by whom: ${strays[0]}`) };
  }
  return first
    ? { ...about, verdict: "leaked", evidence: oneLine(`${first.tool}: ${first.why}`) }
    : { ...about, verdict: "contained", evidence: "files and commands between the attacks worked" };
}

/** Does the work for each item, so many at a time, in order. */
function eachOf<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result>[] {
  const results = items.map(() => Promise.withResolvers<Result>());
  const left = items.entries();
  const takeNext = async (): Promise<void> => {
    for (const [index, item] of left) {
      await work(item).then(results[index]?.resolve, results[index]?.reject);
    }
  };
  for (let count = 0; count < most; count++) void takeNext();
  return results.map(({ promise }) => promise);
}
