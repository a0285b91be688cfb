// Which short text every match of a pattern holds, as an expression that V8's own engine is safe
// with: it has no repeats, so it looks at each place of a text a bounded number of times.
import { type PatternNode, patternTree } from "./pattern_tree.ts";

/** A text without a match of this holds no match of the pattern; undefined if nothing is known. */
export function requiredText(
  pattern: string,
  { ignoreCase }: { readonly ignoreCase: boolean },
): RegExp | undefined {
  const [flags, own = ""] = /^\(\?([imsU]+)\)/.exec(pattern) ?? [""];
  const tree = patternTree(pattern.slice(flags.length));
  const run = tree && bestOf(needsOf(tree));
  if (!run || run.weight < LEAST_WEIGHT) return undefined;
  return new RegExp(run.source, ignoreCase || own.includes("i") ? "iu" : "u");
}

/** What one character in some 256 weighs. */
const CHARACTER_WEIGHT = 8;
/** Less than this is in any line. */
const LEAST_WEIGHT = CHARACTER_WEIGHT / 2;
/** How many characters V8 compares for one place at worst. */
const MAX_WORK = 512;

/** Characters in a row, or one of several such rows. */
type Run = {
  readonly source: string;
  /** How seldom it is, in bits: that of the least seldom row. */
  readonly weight: number;
  /** How many rows it stands for. */
  readonly ways: number;
  readonly work: number;
};

/** What a part of a pattern takes, in each of its matches. */
type Needs = {
  /** Such a run and nothing else. */
  readonly whole?: Run;
  /** It starts with this run and ends with it; they may be the same one. */
  readonly edge?: Run;
  /** This run is somewhere in it. */
  readonly some?: Run | undefined;
};

const EMPTY: Run = { source: "", weight: 0, ways: 1, work: 0 };

function needsOf(node: PatternNode): Needs {
  switch (node.type) {
    case "one": {
      const weight = Math.max(CHARACTER_WEIGHT - Math.log2(node.members), 0);
      return { whole: { source: node.source, weight, ways: 1, work: 1 } };
    }
    case "nothing":
      return { whole: EMPTY };
    case "anything":
      return {};
    case "all":
      return needsOfAll(node.parts);
    case "either":
      return needsOfEither(node.parts);
    case "repeat":
      return needsOfRepeat(needsOf(node.part), node);
  }
}

function needsOfAll(parts: readonly PatternNode[]): Needs {
  let [run, some, isWhole] = [EMPTY, EMPTY, true];
  for (const needs of parts.map(needsOf)) {
    const start = needs.whole ?? needs.edge ?? EMPTY;
    const longer = joined(run, start);
    some = heavier(some, longer ?? run, needs.some ?? EMPTY);
    isWhole &&= longer !== undefined && needs.whole !== undefined;
    run = (needs.whole && longer) ?? start;
  }
  return isWhole ? { whole: run } : { some: heavier(some, run) };
}

function needsOfEither(parts: readonly PatternNode[]): Needs {
  const all = parts.map(needsOf);
  const runs = all.flatMap((needs) => bestOf(needs) ?? []);
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0);
  const work = sum((run) => Math.max(run.work, 1));
  if (runs.length < parts.length || work > MAX_WORK) return {};
  const source = `(?:${runs.map((run) => run.source).join("|")})`;
  const weight = Math.min(...runs.map((run) => run.weight));
  const run = { source, weight, ways: sum(({ ways }) => ways), work };
  return all.every(({ whole }) => whole) ? { whole: run } : { some: run };
}

function needsOfRepeat(
  part: Needs,
  { least, isFixed }: { readonly least: number; readonly isFixed: boolean },
): Needs {
  if (least === 0) return {};
  if (!part.whole) return { some: part.some };
  let run = part.whole;
  for (let count = 1; count < least; count++) {
    const longer = joined(run, part.whole);
    if (!longer || longer.source === run.source) return { edge: part.whole, some: run };
    run = longer;
  }
  return isFixed ? { whole: run } : { edge: part.whole, some: run };
}

/** Undefined if that would be too much work. */
function joined(first: Run, next: Run): Run | undefined {
  const work = first.work + first.ways * next.work;
  if (work > MAX_WORK) return undefined;
  const [source, weight] = [first.source + next.source, first.weight + next.weight];
  return { source, weight, ways: first.ways * next.ways, work };
}

function bestOf({ whole, some }: Needs): Run | undefined {
  return whole ?? some;
}

function heavier(...runs: readonly Run[]): Run {
  return runs.reduce((best, run) => (run.weight > best.weight ? run : best));
}
