// The whole corpus against one program: each case in the cage, and the same without it.
import { isAtLeast, type Level } from "../grants/level.ts";
import type { AttackCase, CaseResult, Observation, Verdict } from "./attack_case.ts";
import { CASES } from "./cases.ts";
import { attackOpenly } from "./control.ts";
import { Ground } from "./ground.ts";
import { signsOfLeak } from "./judge.ts";
import { type AttackEnd, attackWorker } from "./worker_attack.ts";

/** So many controls at a time: most of them wait for something. */
const CONTROLS = 6;
/** So many workers at a time. */
const WORKERS = 4;
/** A worker that is brought down is followed by another, but not for ever. */
const MAX_WORKERS = 20;
const COMMAND_TOOLS = ["Bash", "js_repl"];

export type CorpusOptions = {
  /** Path of the program that runs the workers. */
  readonly program: string;
  /** Folder for what is attacked. */
  readonly tmp: string;
  readonly uid: number;
  /** The level to ask for; undefined for what the machine gives. */
  readonly require?: Level | undefined;
  readonly cases?: readonly AttackCase[];
  readonly onResult: (result: CaseResult) => void;
};

export type CorpusReport = {
  /** In force in the workers. */
  readonly level: Level;
  readonly results: readonly CaseResult[];
};

/** One view of a case: what was seen, and what shows that the attack worked. */
type View = { readonly seen: Observation; readonly sign: string | undefined };

/** Rejects if there is no worker to attack. Nothing is left afterwards. */
export async function runCorpus(options: CorpusOptions): Promise<CorpusReport> {
  const { cases = CASES } = options;
  await using open = await Ground.make({ ...options, cases });
  await using stack = new AsyncDisposableStack();
  const controls = eachOf(cases, CONTROLS, (one) => viewOpenly(one, open));
  // Also when there is no worker to attack.
  stack.defer(async () => void await Promise.allSettled(controls));
  const lanes = await Promise.all(
    eachOf(lanesOf(cases), WORKERS, (lane) => attackLane(lane, options)),
  );
  const levels = lanes.map(({ level }) => level);
  const level = levels.find((one) => !isAtLeast(one, levels[0] ?? "deno")) ?? levels[0] ?? "deno";
  const results: CaseResult[] = [];
  for (const [index, one] of cases.entries()) {
    const control = await controls[index];
    const caged = lanes.map(({ views }) => views.get(one)).find((view) => view !== undefined);
    const result = { ...aboutOf(one), ...verdictOf(one, { level, control, caged }) };
    results.push(result);
    options.onResult(result);
  }
  const harmless = harmlessResult(level, lanes);
  options.onResult(harmless);
  return { level, results: [...results, harmless] };
}

function aboutOf({ name, row, layer }: AttackCase): Pick<CaseResult, "name" | "row" | "layer"> {
  return { name, row, layer };
}

export type Views = {
  readonly level: Level;
  readonly control: View | undefined;
  readonly caged: View | undefined;
};

/** Pure. */
export function verdictOf(
  one: AttackCase,
  { level, control, caged }: Views,
): { readonly verdict: Verdict; readonly evidence: string } {
  const { needs = "deno", bound } = one;
  const say = (verdict: Verdict, evidence: string) => ({ verdict, evidence: oneLine(evidence) });
  if (!isAtLeast(level, needs)) {
    const open = caged?.sign === undefined ? "" : `; open here: ${caged.sign}`;
    return say("not run", `needs level ${needs}, in force is ${level}${open}`);
  }
  if (caged?.sign !== undefined && bound !== undefined) {
    return say("known open", `${bound}; ${caged.sign}`);
  }
  if (caged?.sign !== undefined) return say("leaked", caged.sign);
  if (control?.sign === undefined) {
    const why = control?.seen.outputs.map(({ stderr, stdout }) => stderr || stdout).join(" ");
    return say("not applicable", `it does not work here without the cage either: ${why}`);
  }
  if (!caged) return say("not run", "the worker did not get to it");
  const last = caged.seen.outputs.at(-1);
  const told = caged.seen.end ?? (last?.stderr || last?.stdout) ?? "";
  if (level === "deno" && caged.seen.outputs.some(({ tool }) => COMMAND_TOOLS.includes(tool))) {
    return say("not run", `commands are not offered at level ${level}`);
  }
  return say("contained", told);
}

/** Those that may share a worker do, in two halves; each of the others has its own. */
function lanesOf(cases: readonly AttackCase[]): readonly (readonly AttackCase[])[] {
  const shared = cases.filter(({ alone }) => alone === undefined);
  const slow = shared.filter(({ layer }) => layer === "limits");
  const quick = shared.filter(({ layer }) => layer !== "limits");
  const alone = cases.filter((one) => one.alone !== undefined).map((one) => [one]);
  return [slow, quick, ...alone].filter(({ length }) => length > 0);
}

type Lane = {
  readonly level: Level;
  readonly views: ReadonlyMap<AttackCase, View>;
  readonly broken: AttackEnd["broken"];
  readonly strays: readonly string[];
};

/** A worker that an attack brings down is followed by another one for the rest. */
async function attackLane(cases: readonly AttackCase[], options: CorpusOptions): Promise<Lane> {
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

async function viewOpenly(one: AttackCase, ground: Ground): Promise<View> {
  return viewOf(one, await attackOpenly(one, ground), ground);
}

/** The end of a shared worker is the work of the case that was at hand. */
function viewOf(one: AttackCase, seen: Observation, ground: Ground): View {
  const { targets } = ground.scene(one);
  const sign = signsOfLeak(seen, targets) ?? one.leaked?.(seen, targets);
  const isDown = one.alone === undefined && seen.end !== undefined;
  return { seen, sign: sign ?? (isDown ? `the worker went down: ${seen.end}` : undefined) };
}

function harmlessResult(level: Level, lanes: readonly Lane[]): CaseResult {
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

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 160);
}
